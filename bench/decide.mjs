// Decisions a second over a table of 20 rules with 4 inputs, beside the engines that npm has, in the same run.
//   node bench/decide.mjs DECIDE [SHARED] [--seconds 3]
// With SHARED the given table, requests and results are used; without it a table of the same shape is made.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const decide = resolve(process.argv[2] ?? join(root, 'build/release/bench/decide'));
const shared = process.argv[3] && !process.argv[3].startsWith('--') ? process.argv[3] : '';
const at = process.argv.indexOf('--seconds');
const seconds = at > 0 ? Number(process.argv[at + 1]) : 3;
const peers = { feelin: '8.2.0', '@gorules/zen-engine': '0.54.0', '@hbtgmbh/dmn-eval-js': '1.5.0' };

const folder = join(root, 'build/decide');
mkdirSync(folder, { recursive: true });
if (!existsSync(join(folder, 'node_modules/feelin'))) {
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: peers }));
  try {
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--silent'], { cwd: folder, stdio: 'inherit' });
  } catch {
    console.log('peers cannot be installed; Qipan is measured alone');
  }
}

const kinds = ['catering', 'retail', 'logistics', 'education', 'medical'];
function madeTable() {
  const rules = kinds.flatMap((kind, i) => [
    [`"${kind}"`, '< 18', '-', '-', '"reject"', 90],
    [`"${kind}"`, '[18..65]', `< ${(i + 1) * 10_000}`, 'true', '"approve"', 10 + i],
    [`"${kind}"`, '[18..65]', `>= ${(i + 1) * 10_000}`, 'true', '"review"', 40 + i],
    [`"${kind}"`, '>= 18', '-', 'false', '"manual"', 70 + i],
  ]);
  let state = 1;
  const next = (below) => (state = (state * 48_271) % 2_147_483_647) % below;
  const requests = Array.from({ length: 1000 }, () => ({ category: kinds[next(5)], age: 15 + next(50), capital: next(80_000), creditOk: next(4) !== 0 }));
  const expected = requests.map(({ category, age, capital, creditOk }) => {
    const i = kinds.indexOf(category);
    if (age < 18) return { result: 'reject', score: 90 };
    if (!creditOk) return { result: 'manual', score: 70 + i };
    return capital < (i + 1) * 10_000 ? { result: 'approve', score: 10 + i } : { result: 'review', score: 40 + i };
  });
  return { rules, requests, expected };
}
const escaped = (text) => String(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;');
function xml(rules, policy) {
  const names = { category: 'string', age: 'number', capital: 'number', creditOk: 'boolean' };
  const inputs = Object.entries(names);
  return `<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="bench" name="bench">${inputs.map(([n, t]) => `<inputData id="i_${n}" name="${n}"><variable name="${n}" typeRef="${t}"/></inputData>`).join('')}<decision id="d" name="risk">${inputs.map(([n]) => `<informationRequirement><requiredInput href="#i_${n}"/></informationRequirement>`).join('')}<decisionTable hitPolicy="${policy}">${inputs.map(([n, t]) => `<input><inputExpression typeRef="${t}"><text>${n}</text></inputExpression></input>`).join('')}<output name="result" typeRef="string"/><output name="score" typeRef="number"/>${rules.map((rule, i) => `<rule id="r${i}">${rule.slice(0, 4).map((cell) => `<inputEntry><text>${escaped(cell)}</text></inputEntry>`).join('')}${rule.slice(4).map((cell) => `<outputEntry><text>${escaped(cell)}</text></outputEntry>`).join('')}</rule>`).join('')}</decisionTable></decision></definitions>`;
}

const given = shared ? join(shared, 'vectors/dmn-bench') : '';
let table;
let files;
if (given && existsSync(join(given, 'table.json'))) {
  table = { rules: JSON.parse(readFileSync(join(given, 'table.json'), 'utf8')).rules, requests: JSON.parse(readFileSync(join(given, 'requests.json'), 'utf8')), expected: JSON.parse(readFileSync(join(given, 'expected.json'), 'utf8')) };
  files = { UNIQUE: join(given, 'risk_unique.dmn'), FIRST: join(given, 'risk_first.dmn'), requests: join(given, 'requests.json'), expected: join(given, 'expected.json') };
} else {
  table = madeTable();
  files = { UNIQUE: join(folder, 'unique.dmn'), FIRST: join(folder, 'first.dmn'), requests: join(folder, 'requests.json'), expected: join(folder, 'expected.json') };
  for (const policy of ['UNIQUE', 'FIRST']) writeFileSync(files[policy], xml(table.rules, policy));
  writeFileSync(files.requests, JSON.stringify(table.requests));
  writeFileSync(files.expected, JSON.stringify(table.expected));
}
const { requests, expected, rules } = table;

/** Requests a second; the results of one pass are compared first. */
async function rate(one) {
  for (let i = 0; i < requests.length; i += 1) {
    const found = await one(requests[i]);
    if (found?.result !== expected[i].result || Number(found?.score) !== expected[i].score) throw new Error(`request ${i}: ${JSON.stringify(found)}`);
  }
  const start = performance.now();
  let done = 0;
  while (performance.now() - start < seconds * 1000) {
    for (let i = 0; i < 100; i += 1) await one(requests[(done + i) % requests.length]);
    done += 100;
  }
  return done / ((performance.now() - start) / 1000);
}

const require = createRequire(join(folder, 'index.js'));
async function feelin() {
  const module = await import(require.resolve('feelin').replace(/\.cjs$/, '.js')).catch(() => require('feelin'));
  const { unaryTest, evaluate } = module;
  const answer = (found) => (found !== null && typeof found === 'object' && 'value' in found ? found.value : found);
  return rate((request) => {
    const names = Object.keys(request);
    const rule = rules.find((candidate) => names.every((name, i) => candidate[i] === '-' || answer(unaryTest(candidate[i], { '?': request[name] })) === true));
    return rule && { result: answer(evaluate(String(rule[4]), {})), score: answer(evaluate(String(rule[5]), {})) };
  });
}
async function zen() {
  const { ZenEngine } = require('@gorules/zen-engine');
  const names = Object.keys(requests[0]);
  const content = {
    nodes: [
      { id: 'in', type: 'inputNode', name: 'in' }, { id: 'out', type: 'outputNode', name: 'out' },
      { id: 'table', type: 'decisionTableNode', name: 'table', content: {
        hitPolicy: 'first', inputs: names.map((name) => ({ id: name, name, field: name })), outputs: [{ id: 'result', name: 'result', field: 'result' }, { id: 'score', name: 'score', field: 'score' }],
        rules: rules.map((rule, i) => ({ _id: `r${i}`, ...Object.fromEntries(names.map((name, c) => [name, rule[c] === '-' ? '' : rule[c]])), result: rule[4], score: String(rule[5]) })) } },
    ],
    edges: [{ id: 'e1', sourceId: 'in', targetId: 'table', type: 'edge' }, { id: 'e2', sourceId: 'table', targetId: 'out', type: 'edge' }],
  };
  const decision = new ZenEngine().createDecision(content);
  return rate(async (request) => (await decision.evaluate(request)).result);
}
async function dmnEval() {
  const { decisionTable } = require('@hbtgmbh/dmn-eval-js');
  const old = xml(rules, 'FIRST').replace('https://www.omg.org/spec/DMN/20230324/MODEL/', 'http://www.omg.org/spec/DMN/20151101/dmn.xsd').replace(/<inputData.*<\/inputData>/, '').replace(/<informationRequirement>.*<\/informationRequirement>/, '').replace('<decision id="d" name="risk">', '<decision id="risk" name="risk">').replaceAll('<text>-</text>', '<text></text>');
  const decisions = await decisionTable.parseDmnXml(old);
  return rate((request) => decisionTable.evaluateDecision('risk', decisions, request));
}

const own = {};
// Medians of five runs in turn, since the machine is not always equally quick.
const runs = { UNIQUE: [], FIRST: [] };
for (let round = 0; round < 5; round += 1) {
  for (const policy of ['UNIQUE', 'FIRST']) runs[policy].push(JSON.parse(execFileSync(decide, [files[policy], 'risk', files.requests, files.expected, String(seconds / 3)], { encoding: 'utf8' })));
}
const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
for (const policy of ['UNIQUE', 'FIRST']) own[policy] = Object.fromEntries(['values', 'traced', 'json'].map((what) => [what, median(runs[policy].map((one) => one[what]))]));
const show = (name, value, note = '') => console.log(`${name.padEnd(44)} ${Math.round(value).toLocaleString('en').padStart(12)}/s ${note}`);
console.log(`${rules.length} rules, 4 inputs, ${requests.length} requests, results equal; ${given ? 'the given table' : 'a made table'}; one core`);
for (const policy of ['UNIQUE', 'FIRST']) {
  show(`Qipan ${policy}, bound values`, own[policy].values);
  show(`Qipan ${policy}, bound values, traced`, own[policy].traced, `${(own[policy].values / own[policy].traced).toFixed(2)} times the time`);
  show(`Qipan ${policy}, JSON in and out`, own[policy].json);
}
for (const [name, run] of [['feelin', feelin], ['@gorules/zen-engine', zen], ['@hbtgmbh/dmn-eval-js', dmnEval]]) {
  try {
    const value = await run();
    show(`${name} ${peers[name]}`, value, `Qipan is ${(own.FIRST.values / value).toFixed(0)} times (values), ${(own.FIRST.json / value).toFixed(0)} times (JSON) as fast`);
  } catch (error) {
    console.log(`${name.padEnd(44)} not measured: ${String(error.message ?? error).split('\n')[0]}`);
  }
}
