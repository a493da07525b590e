// Rules: seen, asked, changed in dmn-js and as text, held against tests and what is in force, replayed, published by who may.
import assert from 'node:assert/strict';
import { enter, hold, logIn, open, report, suite, test } from './harness.mjs';

const file = 'rules/dispatch.dmn';
/** A draft of the dispatch rules, made by another machine. */
async function begin(desk, title, change) {
  const rules = await desk.get('/api/v1/rules/grid-events');
  const files = change === undefined ? {} : { [file]: change(rules.files[file]) };
  return (await desk.post('/api/v1/rule-drafts', { pack: 'grid-events', base: rules.version, title, files })).draft;
}

suite('rules', async (district) => {
  await test('rules in force are seen as tables, drawing and text, and asked', async () => {
    const page = await open(district, 'desk', 'zh');
    await logIn(page, 'leader');
    await page.getByRole('navigation', { name: '主导航' }).getByRole('link', { name: '规则', exact: true }).click();
    await page.waitForSelector('tbody a');
    await hold(page, 'rules-zh-desk');
    await page.locator('#content').getByRole('link', { name: '网格事件', exact: false }).first().click();
    await page.waitForSelector('tbody th[scope=row]');
    assert.ok((await page.innerText('main')).includes('本区自定：供水'), 'the clause stands beside its rule');
    assert.equal(await page.locator('#draft-title').count(), 0, 'who may only read is offered no draft');
    await page.fill('#try-class', 'B0101');
    await page.getByRole('button', { name: '判定' }).click();
    await page.waitForSelector('.card[role=status]');
    assert.ok((await page.innerText('.card[role=status]')).includes('department = D-SZGS'));
    await page.getByRole('button', { name: '运行测试' }).click();
    await page.waitForSelector('.good');
    await hold(page, 'rules-pack-zh-desk');
    await page.getByRole('button', { name: '编辑器' }).click();
    await page.waitForSelector('.dmn-frame .tjs-table');
    assert.equal(await page.locator('.dmn-frame .add-rule').count(), 0, 'only looked at');
    await page.getByRole('button', { name: '决策关系图', exact: true }).click();
    await page.waitForSelector('.dmn-frame .djs-shape');
    assert.equal(await page.locator('.dmn-frame .djs-shape').count(), 3, 'a drawing for a file that brings none');
    await hold(page, 'rules-drawing-zh-desk');
    await page.getByRole('button', { name: '文本' }).click();
    assert.ok((await page.innerText('pre.source')).startsWith('<?xml'));
    await page.context().close();
  });

  await test('a keeper changes a rule in the editor, is told what it does, and may not publish', async () => {
    const desk = await district.session('leader');
    const id = await report(district, { description: '果皮箱倒了' }, { class: 'S0102', x: 1_131_050_000, y: 225_050_000 });
    await desk.post(`/api/v1/cases/${id}/transitions/file_and_dispatch`, {});
    const page = await open(district, 'desk', 'en');
    await enter(page, 'rules');
    await page.goto(`${district.base}/rules/grid-events`);
    await page.fill('#draft-title', 'Sanitation goes to urban management');
    await page.getByRole('button', { name: 'Begin a draft' }).click();
    await page.waitForURL('**/rules/drafts/*');
    const cell = page.locator('.dmn-frame td.output-cell', { hasText: '"D-HW"' }).first();
    await cell.waitFor();
    assert.ok((await page.locator('.dmn-frame td.annotation').allInnerTexts()).some((text) => text.includes('本区自定：环卫')), 'what a rule stands on is shown in the editor');
    await cell.click();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('"D-CG"');
    await page.getByRole('button', { name: 'Check and compare' }).click(); // at once: what is being typed counts
    await page.waitForSelector('.file del');
    assert.ok((await page.innerText('.file')).includes('"D-CG"'));
    assert.equal(await page.locator('.file del').count(), 1, 'the editor wrote the file anew, and one cell differs');
    await page.waitForSelector('p.good');
    await hold(page, 'rules-check-en-desk');
    await page.getByRole('button', { name: 'Past cases' }).click();
    await page.getByRole('button', { name: 'Decide past cases again' }).click();
    await page.waitForSelector(`a[href="/cases/${id}"]`);
    assert.doesNotMatch(await page.locator('table tbody').last().innerText(), /D-[A-Z]|S0\d|4407/, 'units, classes and limits by their names');
    await hold(page, 'rules-replay-en-desk');
    await page.getByRole('button', { name: 'Ask', exact: true }).click();
    await page.fill('#try-class', 'S0102');
    await page.getByRole('button', { name: 'Decide', exact: true }).click();
    await page.waitForSelector('.card[role=status]');
    assert.ok((await page.innerText('.card[role=status]')).includes('department = D-CG'));
    await page.getByRole('button', { name: 'Keep as a test' }).click();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.', { exact: true }).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Publish' }).count(), 0);
    await page.getByRole('button', { name: 'Change', exact: true }).click();
    await page.getByRole('button', { name: 'As in force' }).click();
    await page.getByRole('button', { name: 'As in force' }).waitFor({ state: 'detached' });
    await page.waitForTimeout(700);
    assert.equal(await page.getByRole('button', { name: 'As in force' }).count(), 0, 'it stays as it was, to the letter');
    await page.reload();
    await page.locator('.dmn-frame td.output-cell').first().waitFor();
    await hold(page, 'rules-draft-en-desk');
    await page.context().close();
  });

  await test('an administrator publishes it, and the next case goes by it', async () => {
    const page = await open(district, 'desk', 'zh');
    await enter(page, 'admin');
    await page.goto(`${district.base}/rules`);
    await page.getByRole('link', { name: 'Sanitation goes to urban management' }).click();
    await page.getByRole('button', { name: '发布', exact: true }).click();
    await page.waitForSelector('dialog[open]');
    await hold(page, 'rules-publish-zh-desk');
    await page.fill('#why', '职责调整通知');
    await page.locator('dialog button.main').click();
    await page.waitForSelector('p.good');
    await page.waitForFunction(() => document.querySelector('h1').innerText.includes('已发布为版本'));
    const desk = await district.session('leader');
    const id = await report(district, { description: '又倒了' }, { class: 'S0102', x: 1_131_050_000, y: 225_050_000 });
    await desk.post(`/api/v1/cases/${id}/transitions/file_and_dispatch`, {});
    const { items } = await desk.get(`/api/v1/cases/${id}/decisions`);
    assert.equal(items.find((one) => one.purpose === 'dispatch').stored.outputs.department, 'D-CG');
    await page.goto(`${district.base}/rules/grid-events`);
    await page.getByText('职责调整通知').waitFor();
    await hold(page, 'rules-versions-zh-desk');
    await page.getByRole('button', { name: '起草恢复版本 5' }).click();
    await page.waitForURL('**/rules/drafts/*');
    await page.getByRole('button', { name: '检查与对比' }).click();
    await page.waitForSelector('.file ins');
    assert.ok((await page.innerText('.file')).includes('"D-HW"'));
    await page.context().close();
  });

  await test('what misses a test cannot be published; what others saved is not overwritten; a draft is given up', async () => {
    const admin = await district.session('admin');
    const keeper = await district.session('rules');
    const own = await begin(admin, '自己的', (text) => text.replace('D-SZGS', 'D-SW'));
    const id = await begin(keeper, '错的', (text) => text.replace('D-SZGS', 'D-SW'));
    const page = await open(district, 'desk', 'zh');
    page.on('dialog', (dialog) => dialog.accept());
    await enter(page, 'admin');
    await page.goto(`${district.base}/rules/drafts/${own}`);
    await page.getByText('须由他人发布').waitFor();
    assert.equal(await page.getByRole('button', { name: '发布', exact: true }).count(), 0, 'four eyes');
    await page.goto(`${district.base}/rules/drafts/${id}`);
    await page.getByRole('button', { name: '发布', exact: true }).click();
    await page.waitForSelector('dialog[open] .alert');
    assert.ok(await page.locator('dialog button.main').isDisabled());
    await page.getByRole('button', { name: '取消' }).click();
    await page.getByRole('button', { name: '文本' }).click();
    await page.fill('#source', '<definitions');
    await page.getByRole('button', { name: '检查与对比' }).click();
    await page.waitForSelector('section p.alert');
    await hold(page, 'rules-broken-zh-desk');
    const draft = await admin.get(`/api/v1/rule-drafts/${id}`);
    await admin.post(`/api/v1/rule-drafts/${id}`, { revision: draft.revision, base: draft.in_force, title: '别人存的', files: {} });
    await page.getByRole('button', { name: '保存' }).click();
    await page.waitForSelector('p.alert[role=alert]');
    assert.ok((await page.innerText('p.alert[role=alert]')).includes('有人保存了'));
    await page.reload();
    await page.getByRole('button', { name: '放弃' }).click();
    await page.fill('#why', '写错了');
    await page.locator('dialog button.main').click();
    await page.waitForFunction(() => document.querySelector('h1').innerText.includes('已放弃'));
    await page.context().close();
  });

  await test('on a phone rules are read as tables', async () => {
    const page = await open(district, 'phone', 'en');
    await enter(page, 'leader');
    await page.goto(`${district.base}/rules/air-quality`);
    await page.waitForSelector('tbody th[scope=row]');
    await hold(page, 'rules-pack-en-phone');
    await page.goto(`${district.base}/rules`);
    await page.waitForSelector('tbody a');
    await hold(page, 'rules-en-phone');
    await page.goto(`${district.base}/rules/no-such-pack`);
    await page.waitForSelector('.alert');
    await hold(page, 'rules-unknown-en-phone');
    await page.context().close();
  });
});
