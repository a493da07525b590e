import type { DataDrivenPropertyValueSpecification, ExpressionSpecification, LayerSpecification, SourceSpecification } from 'maplibre-gl';
import { basemap, outlines, units, type Unit } from './api';
import { language, unitName } from './words';

// The district under whatever a map shows: its own picture (--map) or the national base map where one is set, communities tinted by their street, lines between them, and names on top of all.

export type Theme = 'light' | 'wall';
const colours = {
  light: { ground: '#e7eaec', land: '#f4f3ef', tints: ['#f7f3ea', '#edf3ee', '#f1eef5', '#f5efea'], line: '#c9c3cf', street: '#8fa19b', ink: '#4e5969', halo: '#ffffff', water: '#cfe3ee', park: '#ddebd6', building: '#e5e1d8', road: '#ffffff', casing: '#d9d6ce', rail: '#9aa0a6', waterInk: '#3f7896' },
  wall: { ground: '#0e1a1f', land: '#172830', tints: ['#182b33', '#1c333b', '#1a2a38', '#20303a'], line: '#2b444e', street: '#5e7a86', ink: '#b9cad0', halo: '#0e1a1f', water: '#14394c', park: '#1b3a30', building: '#223740', road: '#2c4650', casing: '#12222a', rail: '#4a626c', waterInk: '#7fb6cf' },
} as const;
type Colours = (typeof colours)[Theme];
/** Codes of communities begin with their street's nine digits. */
const streetOf = (code: unknown) => String(code ?? '').slice(0, 9);
type Ring = [number, number][];
const ringsOf = (feature: GeoJSON.Feature) => (feature.geometry.type === 'Polygon' ? (feature.geometry.coordinates as Ring[]) : []);

/** Lines between communities of different streets, and around all. */
function streetLines(data: GeoJSON.FeatureCollection): GeoJSON.FeatureCollection {
  const edges = new Map<string, { line: Ring; streets: string[] }>();
  for (const feature of data.features) for (const ring of ringsOf(feature)) for (const [at, to] of ring.entries()) {
    const from = ring[at - 1];
    if (from === undefined) continue;
    const key = [from.join(' '), to.join(' ')].sort().join('|');
    const known = edges.get(key);
    if (known === undefined) edges.set(key, { line: [from, to], streets: [streetOf(feature.properties?.code)] });
    else known.streets.push(streetOf(feature.properties?.code));
  }
  const outer = [...edges.values()].filter(({ streets }) => streets.length === 1 || streets[0] !== streets[1]);
  return { type: 'FeatureCollection', features: outer.length === 0 ? [] : [{ type: 'Feature', properties: {}, geometry: { type: 'MultiLineString', coordinates: outer.map(({ line }) => line) } }] };
}

function middle(features: GeoJSON.Feature[]): [number, number] {
  const points = features.flatMap((feature) => ringsOf(feature)[0] ?? []);
  const of = (axis: 0 | 1) => points.reduce((sum, point) => sum + point[axis], 0) / Math.max(1, points.length);
  return [of(0), of(1)];
}

/** Points at which communities and streets are named. */
function names(data: GeoJSON.FeatureCollection, named: Unit[]): GeoJSON.FeatureCollection {
  const label = (features: GeoJSON.Feature[], title: string, size: number): GeoJSON.Feature => ({ type: 'Feature', properties: { title, size }, geometry: { type: 'Point', coordinates: middle(features) } });
  const streets = new Map<string, GeoJSON.Feature[]>();
  for (const feature of data.features) streets.set(streetOf(feature.properties?.code), [...(streets.get(streetOf(feature.properties?.code)) ?? []), feature]);
  return {
    type: 'FeatureCollection',
    features: [
      ...data.features.map((feature) => label([feature], unitName(feature.properties as { title_zh?: string }).replace(/社区居委会$|村委会$|居委会$/, ''), 0)),
      ...[...streets].map(([code, features]) => label(features, unitName(named.find((unit) => unit.code === code)), 1)),
    ],
  };
}

const title = (): ExpressionSpecification => (language.value === 'zh' ? ['get', 'name'] : ['coalesce', ['get', 'name_en'], ['get', 'name']]);
/** Of a road, in pixels at zoom 11 and 17, by its class. */
const width = (more: number): DataDrivenPropertyValueSpecification<number> => ['interpolate', ['exponential', 1.6], ['zoom'],
  11, ['match', ['get', 'class'], 'ring', 2.4 + more, 'primary', 2 + more, 'secondary', 1.1 + more / 2, 0.3],
  17, ['match', ['get', 'class'], 'ring', 22 + 2 * more, 'primary', 20 + 2 * more, 'secondary', 15 + 2 * more, 'street', 10 + 2 * more, 6 + 2 * more]];

/** The district's own picture, from the ground up; what it names in `names`. */
function picture(hue: Colours): { drawn: LayerSpecification[]; named: LayerSpecification[] } {
  const of = (layer: string) => ({ source: 'district', 'source-layer': layer }) as const;
  const text = (ink: string) => ({ 'text-color': ink, 'text-halo-color': hue.halo, 'text-halo-width': 1.5 });
  return {
    drawn: [
      { id: 'park', type: 'fill', ...of('park'), paint: { 'fill-color': hue.park } },
      { id: 'water', type: 'fill', ...of('water'), paint: { 'fill-color': hue.water } },
      { id: 'building', type: 'fill', ...of('building'), minzoom: 14, paint: { 'fill-color': hue.building, 'fill-outline-color': hue.casing } },
      { id: 'rail', type: 'line', ...of('rail'), paint: { 'line-color': hue.rail, 'line-width': 1.5, 'line-dasharray': [6, 3] } },
      { id: 'road-casing', type: 'line', ...of('road'), minzoom: 12, layout: { 'line-cap': 'round' }, paint: { 'line-color': hue.casing, 'line-width': width(1.2) } },
      { id: 'bridge', type: 'line', ...of('bridge'), paint: { 'line-color': hue.rail, 'line-width': width(4) } },
      { id: 'road', type: 'line', ...of('road'), layout: { 'line-cap': 'round' }, paint: { 'line-color': hue.road, 'line-width': width(0) } },
    ],
    named: [
      { id: 'water-names', type: 'symbol', ...of('waterline'), layout: { 'symbol-placement': 'line', 'text-field': title(), 'text-size': 13, 'text-letter-spacing': 0.4 }, paint: { 'text-color': hue.waterInk, 'text-halo-color': hue.water, 'text-halo-width': 1 } },
      { id: 'road-names', type: 'symbol', ...of('road'), minzoom: 13.5, layout: { 'symbol-placement': 'line', 'text-field': title(), 'text-size': 11, 'symbol-spacing': 300 }, paint: text(hue.ink) },
      { id: 'place-names', type: 'symbol', ...of('place'), minzoom: 14.5, layout: { 'text-field': title(), 'text-size': 11, 'text-max-width': 8 }, paint: text(hue.ink) },
      { id: 'numbers', type: 'symbol', ...of('building'), minzoom: 16.5, layout: { 'text-field': ['get', 'number'], 'text-size': 10 }, paint: text(hue.rail) },
    ],
  };
}

export interface DistrictMap {
  sources: Record<string, SourceSpecification>;
  /** What is drawn below a map's own marks, and the names above them, of which `firstName` is the lowest. */
  below: LayerSpecification[];
  above: LayerSpecification[];
  bounds: [number, number, number, number];
  attribution: string;
}
export const firstName = 'first-name';

/** What all maps show alike; without a network, or where nothing is known of the district, less of it. */
export async function readDistrict(theme: Theme = 'light'): Promise<DistrictMap> {
  const empty: GeoJSON.FeatureCollection = { type: 'FeatureCollection', features: [] };
  const [data, named, base] = await Promise.all([outlines().catch(() => empty), units().catch(() => [] as Unit[]), basemap().catch(() => undefined)]);
  const hue = colours[theme];
  const tile = (layer: string) => [`${location.origin}/api/v1/basemap/${layer}/{z}/{x}/{y}`];
  // The national map is drawn in daylight alone.
  const national = base !== undefined && base.layers.length > 0 && theme === 'light';
  const own = !national && base?.district !== undefined && base.district !== null;
  const codes = [...new Set(data.features.map((feature) => streetOf(feature.properties?.code)))].sort();
  const tint = codes.length < 2 ? hue.tints[0] : ['match', ['slice', ['get', 'code'], 0, 9], ...codes.flatMap((code, at) => [code, hue.tints[at % hue.tints.length] ?? hue.tints[0]]), hue.tints[0]];
  const label = (id: string, size: number, more: object): LayerSpecification => ({ id, type: 'symbol', source: 'names', filter: ['==', ['get', 'size'], size], layout: { 'text-field': ['get', 'title'], 'text-size': size === 1 ? 15 : 12, 'text-letter-spacing': size === 1 ? 0.15 : 0, 'text-max-width': 10 }, paint: { 'text-color': hue.ink, 'text-halo-color': hue.halo, 'text-halo-width': 1.5 }, ...more }) as LayerSpecification;
  const { drawn, named: words } = picture(hue);
  return {
    sources: {
      units: { type: 'geojson', data }, streets: { type: 'geojson', data: streetLines(data) }, names: { type: 'geojson', data: names(data, named) },
      ...(own ? { district: { type: 'vector', tiles: tile('district'), minzoom: 9, maxzoom: 16, bounds: base.district as [number, number, number, number] } } : {}),
      ...(national ? { vec: { type: 'raster', tileSize: 256, maxzoom: 18, tiles: tile('vec') }, cva: { type: 'raster', tileSize: 256, maxzoom: 18, tiles: tile('cva') } } : {}),
    } as Record<string, SourceSpecification>,
    below: [
      { id: 'ground', type: 'background', paint: { 'background-color': hue.ground } },
      ...(national ? (['vec', 'cva'] as const).map((layer): LayerSpecification => ({ id: layer, type: 'raster', source: layer })) : [{ id: 'units', type: 'fill', source: 'units', paint: { 'fill-color': tint as unknown as string } } satisfies LayerSpecification]),
      ...(own ? drawn : []),
      { id: 'community-lines', type: 'line', source: 'units', paint: { 'line-color': hue.line, 'line-width': 1, ...(own ? { 'line-dasharray': [3, 2] } : {}) } },
      { id: 'street-lines', type: 'line', source: 'streets', paint: { 'line-color': hue.street, 'line-width': 2 } },
    ],
    above: [{ id: firstName, type: 'symbol', source: 'names', filter: ['==', ['get', 'size'], -1] }, ...(own ? words : []), ...(national ? [] : [label('community-names', 0, { minzoom: 12.5 }), label('street-names', 1, { maxzoom: 13.5 })])],
    bounds: boundsOf(data),
    attribution: national ? base.attribution : '',
  };
}

/** West, south, east, north of all of it; the whole of the region where there is nothing. */
function boundsOf(data: GeoJSON.FeatureCollection): [number, number, number, number] {
  const points = data.features.flatMap((feature) => ringsOf(feature).flat());
  if (points.length === 0) return [113, 22, 114, 23];
  const xs = points.map((point) => point[0]);
  const ys = points.map((point) => point[1]);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}
/** Fonts that draw Chinese; no server of glyphs is asked. */
export const mapFonts = "'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'WenQuanYi Micro Hei', sans-serif";
