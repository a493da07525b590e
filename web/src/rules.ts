import { get, post, type Answer, type Explained, type Item, type Told } from './api';

export type Actor = PackRules['versions'][number]['by'];
export type PackRules = Answer<'/api/v1/rules/{pack}'>;
export type Model = PackRules['models'][number];
export type Finding = Model['problems'][number];
export type ModelElement = NonNullable<Model['description']>['elements'][number];
export type DecisionTable = NonNullable<ModelElement['table']>;
export type TableRule = DecisionTable['rules'][number];
export type Files = Record<string, string>;
export type DraftRow = Item<'/api/v1/rule-drafts'>;
export type Draft = Answer<'/api/v1/rule-drafts/{draft}'>;
export type Review = Told<'/api/v1/rule-reviews'>;
export type FileChange = Review['changes'][number];
export type ElementChange = NonNullable<FileChange['elements']>[number];
export type RuleChange = NonNullable<ElementChange['rules']>[number];
export type ReplayPart = Told<'/api/v1/rule-replays'>;
export type ReplayChange = ReplayPart['changes'][number];

/** What a question to the server is about: rules in force, or with changes that need not be saved. */
export interface About { pack: string; draft?: number; files?: Record<string, string | null> }

export const rulePacks = () => get<Answer<'/api/v1/rules'>>('/api/v1/rules');
export const rulesOf = (pack: string, version?: number) => get<PackRules>(`/api/v1/rules/${encodeURIComponent(pack)}${version === undefined ? '' : `?version=${version}`}`);
export const reviewOf = (about: About) => post<Review>('/api/v1/rule-reviews', about);
export const tried = (about: About, path: string, decision: string, day: string, input: Record<string, unknown>) =>
  post<Explained>('/api/v1/rule-trials', { ...about, path, decision, input, ...(day === '' ? {} : { day }) });
export const replayed = (about: About, path: string, decision: string, from: number) => post<ReplayPart>('/api/v1/rule-replays', { ...about, path, decision, from });

/** Files of a draft as they travel: what differs from those in force, null for those that go. */
export function changedFiles(before: Files, after: Files): Record<string, string | null> {
  const changed: Record<string, string | null> = {};
  for (const path of new Set([...Object.keys(before), ...Object.keys(after)])) if (before[path] !== after[path]) changed[path] = after[path] ?? null;
  return changed;
}

export const isRulePath = (path: string) => /^(rules\/[^/\\.][^/\\]*\.(dmn|tests\.toml)|parameters\/[^/\\.][^/\\]*\.toml)$/.test(path) && path.length <= 120;

/** A new file as it begins: small, whole, and fit to be changed. */
export function firstText(path: string): string {
  const name = path.replace(/^.*\//, '').replace(/\.(dmn|tests\.toml|toml)$/, '');
  if (path.endsWith('.tests.toml')) return `model = "rules/${name}.dmn"\n`;
  if (path.endsWith('.toml')) return '';
  const written = name.replace(/[<>&"]/g, '');
  return `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="definitions" name="${written}" namespace="https://qipan.example/${encodeURIComponent(written)}">
  <inputData id="data_1" name="input"><variable id="variable_1" name="input" typeRef="string"/></inputData>
  <decision id="decision_1" name="${written}">
    <variable id="variable_2" name="${written}"/>
    <informationRequirement id="needs_1"><requiredInput href="#data_1"/></informationRequirement>
    <decisionTable id="table_1" hitPolicy="UNIQUE">
      <input id="input_1"><inputExpression id="expression_1" typeRef="string"><text>input</text></inputExpression></input>
      <output id="output_1" name="output" typeRef="string"/>
      <annotation name="source"/>
    </decisionTable>
  </decision>
</definitions>
`;
}

/** What a person typed for an input: JSON where it reads as such, a text otherwise, nothing where it is empty. */
export function inputValue(typed: string, type: string): unknown {
  const text = typed.trim();
  if (text === '') return null;
  if (type === 'string' || type === 'date' || type === 'time' || type === 'dateTime') return text.replace(/^"(.*)"$/, '$1');
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** The type that a model gives to an input, as it names it. */
export const typeOfInput = (model: Model, input: string) => model.description?.elements.find((one) => one.kind === 'inputData' && one.name === input)?.type ?? '';

const text = (value: string) => JSON.stringify(value);
function tomlValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(tomlValue).join(', ')}]`;
  if (typeof value === 'object' && value !== null) return `{ ${Object.entries(value).filter(([, one]) => one !== null).map(([key, one]) => `${text(key)} = ${tomlValue(one)}`).join(', ')} }`;
  return typeof value === 'string' ? text(value) : String(value);
}
/** A trial as a test beside the rules. Nothing stands for null in TOML, so what is null is left out. */
export function asTest(explained: Explained, about: string): string {
  const given = Object.fromEntries(explained.inputs.filter((one) => one.value !== null && !explained.parameters.some((used) => used.name === one.name)).map((one) => [one.name, one.value]));
  return `\n[[tests]]\nabout = ${text(about)}\ndecision = ${text(explained.decision)}\nday = "${explained.day}"\ngiven = ${tomlValue(given)}\nexpect = ${tomlValue(explained.outputs)}\n`;
}
