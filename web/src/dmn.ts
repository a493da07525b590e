/** Between DMN files as they are kept and what dmn-js draws: it knows the namespace of DMN 1.3, and draws what has a place. */
const year = /https:\/\/www\.omg\.org\/spec\/DMN\/(20191111|20211108|20230324)\//g;
const known = '20191111';

/** The file in the words of DMN 1.3, and the year that it was written in; null where it is older, or of several. */
export function readable(xml: string): { xml: string; year: string } | null {
  const years = new Set([...xml.matchAll(year)].map((found) => found[1]!));
  const [written] = years;
  return written === undefined || years.size > 1 ? null : { xml: xml.replace(year, `https://www.omg.org/spec/DMN/${known}/`), year: written };
}
/** What was saved, in the words of the file's own year, with the clauses of rules where DMN has them. */
export const asWritten = (xml: string, written: string) => edited(xml, annotated).replace(year, `https://www.omg.org/spec/DMN/${written}/`);
/** dmn-js does not keep comments. */
export const hasComments = (xml: string) => xml.includes('<!--');

function edited(xml: string, work: (document: XMLDocument) => void): string {
  const document = new DOMParser().parseFromString(xml, 'application/xml');
  if (document.getElementsByTagName('parsererror').length > 0) return xml;
  work(document);
  const text = new XMLSerializer().serializeToString(document);
  return text.startsWith('<?xml') ? text : `<?xml version="1.0" encoding="UTF-8"?>\n${text}`;
}
const below = (node: Element, name: string) => [...node.children].filter((one) => one.localName === name);
const tables = (document: XMLDocument) => [...document.getElementsByTagNameNS(spaces.model, 'decisionTable')].filter((table) => below(table, 'annotation').length > 0);
const make = (document: XMLDocument, name: string, text: string) => Object.assign(document.createElementNS(spaces.model, name), { textContent: text });

/** dmn-js shows what a rule stands on as its description; DMN keeps it in annotation entries. So the first entry goes there… */
function described(document: XMLDocument) {
  for (const table of tables(document)) {
    for (const rule of below(table, 'rule')) {
      const [entry] = below(rule, 'annotationEntry');
      if (entry === undefined || below(rule, 'description').length > 0) continue;
      rule.prepend(make(document, 'description', below(entry, 'text')[0]?.textContent ?? ''));
      entry.remove();
    }
  }
}
/** …and comes back: a rule with fewer entries than its table has columns for them has its first in the description. */
function annotated(document: XMLDocument) {
  for (const table of tables(document)) {
    const wanted = below(table, 'annotation').length;
    for (const rule of below(table, 'rule')) {
      const entries = below(rule, 'annotationEntry');
      if (entries.length >= wanted) continue;
      const [description] = below(rule, 'description');
      const texts = [description?.textContent ?? '', ...Array<string>(wanted - entries.length - 1).fill('')];
      const made = texts.map((text) => {
        const entry = document.createElementNS(spaces.model, 'annotationEntry');
        entry.append(make(document, 'text', text));
        return entry;
      });
      rule.append(made[0]!, ...entries, ...made.slice(1));
      description?.remove();
    }
  }
}

const kinds = ['decision', 'inputData', 'businessKnowledgeModel', 'knowledgeSource', 'decisionService'];
const size = { width: 180, height: 80, gapX: 40, gapY: 60 };
const spaces = { model: 'https://www.omg.org/spec/DMN/20191111/MODEL/', dmndi: 'https://www.omg.org/spec/DMN/20191111/DMNDI/', dc: 'http://www.omg.org/spec/DMN/20180521/DC/', di: 'http://www.omg.org/spec/DMN/20180521/DI/' };

/** The same file as dmn-js shows it. */
export const drawn = (xml: string) =>
  edited(xml, (document) => {
    described(document);
    draw(document);
  });

/** A drawing of its requirements where it brings none: each element above what it needs. */
function draw(document: XMLDocument) {
  const root = document.documentElement;
  if (root.localName !== 'definitions' || document.getElementsByTagNameNS(spaces.dmndi, 'DMNDI').length > 0) return;
  const nodes = [...root.children].filter((one) => kinds.includes(one.localName) && one.id !== '');
  const needs = new Map(nodes.map((node) => [node.id, [...node.children].filter((one) => one.localName.endsWith('Requirement')).flatMap((one) => [...one.children].map((to) => ({ edge: one.id, to: (to.getAttribute('href') ?? '').replace('#', '') })))]));
  const depths = new Map<string, number>();
  const depth = (id: string, seen: string[]): number => {
    if (seen.includes(id)) return 0;
    if (!depths.has(id)) depths.set(id, Math.max(0, ...(needs.get(id) ?? []).filter(({ to }) => needs.has(to)).map(({ to }) => 1 + depth(to, [...seen, id]))));
    return depths.get(id)!;
  };
  const highest = Math.max(0, ...nodes.map((node) => depth(node.id, [])));
  const columns = new Map<number, number>();
  const places = new Map(nodes.map((node) => {
    const row = highest - depth(node.id, []);
    const column = columns.get(row) ?? 0;
    columns.set(row, column + 1);
    return [node.id, { x: 160 + column * (size.width + size.gapX), y: 60 + row * (size.height + size.gapY) }];
  }));
  const add = (parent: Element, space: string, name: string, attributes: Record<string, string | number>) => {
    const made = parent.appendChild(document.createElementNS(space, name));
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
    return made;
  };
  const diagram = add(add(root, spaces.dmndi, 'dmndi:DMNDI', {}), spaces.dmndi, 'dmndi:DMNDiagram', { id: 'drawing' });
  for (const [id, { x, y }] of places) add(add(diagram, spaces.dmndi, 'dmndi:DMNShape', { id: `shape_${id}`, dmnElementRef: id }), spaces.dc, 'dc:Bounds', { x, y, width: size.width, height: size.height });
  for (const [id, list] of needs) {
    for (const { edge, to } of list) {
      const from = places.get(to);
      const end = places.get(id)!;
      if (from === undefined || edge === '') continue;
      const line = add(diagram, spaces.dmndi, 'dmndi:DMNEdge', { id: `edge_${edge}`, dmnElementRef: edge });
      add(line, spaces.di, 'di:waypoint', { x: from.x + size.width / 2, y: from.y });
      add(line, spaces.di, 'di:waypoint', { x: end.x + size.width / 2, y: end.y + size.height });
    }
  }
}

/** What dmn-js says on its own controls, in Chinese. */
export const chinese: Record<string, string> = {
  'View DRD': '查看决策关系图', 'Hit policy:': '命中策略：', 'Hit policy': '命中策略', 'Aggregation:': '汇总：', When: '当', And: '且', Then: '则', Annotations: '批注', Input: '输入', Output: '输出', 'Add rule': '新增规则', 'Add input': '新增输入', 'Add output': '新增输出',
  'Input expression': '输入表达式', 'Input expression: ': '输入表达式：', 'Input label': '输入名称', 'Input label: ': '输入名称：', 'Input type': '输入类型', 'Input values': '输入取值', 'Output name': '输出名', 'Output label': '输出名称', 'Output type': '输出类型', 'Output values': '输出取值',
  'Decision name': '决策名', 'Decision name: ': '决策名：', 'Variable name': '变量名', 'Variable name:': '变量名：', 'Variable type': '变量类型', 'Variable type:': '变量类型：', 'Expression language': '表达式语言', 'Expression language:': '表达式语言：', Type: '类型', Values: '取值',
  'Predefined values': '预设值', 'Remove rule': '删除规则', 'Remove input column': '删除输入列', 'Remove output column': '删除输出列', 'Add rule above': '上方加规则', 'Add rule below': '下方加规则', 'Edit input': '编辑输入', 'Edit output': '编辑输出', 'Edit string': '编辑文字', 'Edit number': '编辑数字',
  Delete: '删除', Yes: '是', No: '否', Equals: '等于', Less: '小于', 'Less or equals': '小于等于', Greater: '大于', 'Greater or equals': '大于等于', Between: '介于', Before: '早于', After: '晚于', Exactly: '正好', Range: '区间', Comparison: '比较', 'Match one': '匹配其一', 'Match none': '都不匹配',
};
