import type { LayerSpecification, SourceSpecification } from 'maplibre-gl';
import type { Unit } from './api';
import { unitName } from './words';

// The district under whatever a map shows: communities tinted by their street, the streets' own lines heavier than those between communities, and names on top of all.

export type Theme = 'light' | 'wall';
const colours = {
  light: { ground: '#eef0ec', tints: ['#f7f6f2', '#eff4f1', '#f4f1f6', '#f6f2ec'], line: '#d3d8d3', street: '#8fa19b', ink: '#4e5969', halo: '#ffffff' },
  wall: { ground: '#0e1a1f', tints: ['#182b33', '#1c333b', '#1a2a38', '#20303a'], line: '#2b444e', street: '#5e7a86', ink: '#b9cad0', halo: '#0e1a1f' },
} as const;
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
function names(data: GeoJSON.FeatureCollection, units: Unit[]): GeoJSON.FeatureCollection {
  const label = (features: GeoJSON.Feature[], title: string, size: number): GeoJSON.Feature => ({ type: 'Feature', properties: { title, size }, geometry: { type: 'Point', coordinates: middle(features) } });
  const streets = new Map<string, GeoJSON.Feature[]>();
  for (const feature of data.features) streets.set(streetOf(feature.properties?.code), [...(streets.get(streetOf(feature.properties?.code)) ?? []), feature]);
  return {
    type: 'FeatureCollection',
    features: [
      ...data.features.map((feature) => label([feature], unitName(feature.properties as { title_zh?: string }).replace(/社区居委会$|村委会$|居委会$/, ''), 0)),
      ...[...streets].map(([code, features]) => label(features, unitName(units.find((unit) => unit.code === code)), 1)),
    ],
  };
}

/** What is drawn below a map's own marks, and the names above them. */
export function districtMap(data: GeoJSON.FeatureCollection, units: Unit[], theme: Theme = 'light'): { sources: Record<string, SourceSpecification>; below: LayerSpecification[]; above: LayerSpecification[] } {
  const { ground, tints, line, street, ink, halo } = colours[theme];
  const codes = [...new Set(data.features.map((feature) => streetOf(feature.properties?.code)))].sort();
  const tint = codes.length < 2 ? tints[0] : ['match', ['slice', ['get', 'code'], 0, 9], ...codes.flatMap((code, at) => [code, tints[at % tints.length] ?? tints[0]]), tints[0]];
  const text = (id: string, size: number, more: object): LayerSpecification => ({ id, type: 'symbol', source: 'names', filter: ['==', ['get', 'size'], size], layout: { 'text-field': ['get', 'title'], 'text-size': size === 1 ? 15 : 11, 'text-letter-spacing': size === 1 ? 0.15 : 0, 'text-max-width': 10 }, paint: { 'text-color': ink, 'text-halo-color': halo, 'text-halo-width': 1.5 }, ...more }) as LayerSpecification;
  return {
    sources: { units: { type: 'geojson', data }, streets: { type: 'geojson', data: streetLines(data) }, names: { type: 'geojson', data: names(data, units) } },
    below: [
      { id: 'ground', type: 'background', paint: { 'background-color': ground } },
      { id: 'units', type: 'fill', source: 'units', paint: { 'fill-color': tint as unknown as string } },
      { id: 'community-lines', type: 'line', source: 'units', paint: { 'line-color': line, 'line-width': 1 } },
      { id: 'street-lines', type: 'line', source: 'streets', paint: { 'line-color': street, 'line-width': 2 } },
    ],
    above: [text('community-names', 0, { minzoom: 12.5 }), text('street-names', 1, { maxzoom: 13.5 })],
  };
}

/** West, south, east, north of all of it; the whole of the region where there is nothing. */
export function boundsOf(data: GeoJSON.FeatureCollection): [number, number, number, number] {
  const points = data.features.flatMap((feature) => ringsOf(feature).flat());
  if (points.length === 0) return [113, 22, 114, 23];
  const xs = points.map((point) => point[0]);
  const ys = points.map((point) => point[1]);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}
/** Fonts that draw Chinese; no server of glyphs is asked. */
export const mapFonts = "'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'WenQuanYi Micro Hei', sans-serif";
