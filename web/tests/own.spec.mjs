// Organisations: a mandate is given, its person asks and answers for the organisation alone, and hears by mail and page.
import assert from 'node:assert/strict';
import { enter, hold, holdBoth, logIn, open, suite, test } from './harness.mjs';

suite('own', async (district) => {
  let number = '';

  await test('an organisation puts its request and says more when it is asked', async () => {
    const page = await open(district, 'desk', 'zh');
    await logIn(page, 'firm-lamps');
    await page.getByRole('heading', { name: '示例灯具有限公司' }).waitFor();
    await page.getByText('0750-3861000').waitFor();
    assert.equal(await page.getByRole('link', { name: '指挥台', exact: true }).count(), 0, 'nothing of the office');
    await page.getByRole('button', { name: '企业诉求' }).click();
    await page.selectOption('#field-topic', 'utilities');
    await page.fill('#field-request', '厂区夜间路灯不亮，装卸困难。');
    // Taken over from the register, and said so until it is written over.
    assert.equal(await page.inputValue('#field-callback'), '0750-3861000');
    await page.getByText('取自登记信息，可以修改。').waitFor();
    await page.fill('#field-callback', '0750-3861001');
    assert.equal(await page.getByText('取自登记信息，可以修改。').count(), 0);
    await hold(page, 'own-request-desk-zh');
    await page.getByRole('dialog').getByRole('button', { name: '提交', exact: true }).click();
    await page.getByText('已提交', { exact: true }).first().waitFor();
    number = new URL(page.url()).pathname.split('/').at(-1);

    const office = await district.session('leader');
    await office.post(`/api/v1/cases/${number}/transitions/ask`, { fields: { question: '请写明具体位置。' } });
    await page.reload();
    await page.getByText('请写明具体位置。').first().waitFor();
    await page.getByRole('button', { name: '补充', exact: true }).click();
    await page.fill('#field-supplement', '东门外第三根灯杆。');
    await page.getByRole('dialog').getByRole('button', { name: '提交', exact: true }).click();
    await page.getByText('已办理：补充').waitFor();
    await holdBoth(page, 'own-case', 'desk');
    // A receipt of what the party is told, with its own session.
    const link = await page.getByRole('link', { name: '回执' }).first().getAttribute('href');
    const receipt = await page.evaluate(async (path) => (await fetch(path)).status, link);
    assert.equal(receipt, 200);
  });

  await test('another organisation finds nothing of it, and the office sees who asked', async () => {
    const page = await open(district, 'phone', 'en');
    await logIn(page, 'firm-hardware');
    await page.getByText('Nothing fits.').waitFor();
    await holdBoth(page, 'own-empty', 'phone');
    await page.goto(`${district.base}/own/cases/${number}`);
    await page.getByText('There is no such case').waitFor();
    const office = await open(district, 'desk', 'zh');
    await logIn(office, 'leader');
    await office.goto(`${district.base}/cases/${number}`);
    await office.getByText('示例·灯具公司办事员').first().waitFor();
    await office.getByText('单位自行提交').waitFor();
  });

  await test('who takes a call is offered what the register says of the enterprise', async () => {
    const page = await open(district, 'desk', 'zh');
    await enter(page, 'leader');
    await page.goto(`${district.base}/cases/new`);
    await page.selectOption('#i-type', 'enterprise_request');
    const name = async (enterprise, telephone) => {
      const another = page.getByRole('button', { name: '另选' });
      if ((await another.count()) > 0) await another.click();
      await page.fill('#field-enterprise', enterprise);
      await page.press('#field-enterprise', 'Tab');
      await page.waitForFunction((wanted) => document.querySelector('#field-callback').value === wanted, telephone);
    };
    await name('enterprise:1', '0750-3861000');
    await page.getByText('取自登记信息，可以修改。').waitFor();
    await name('enterprise:2', '0750-3861111');
    // Nobody's number is left for another, and what was typed stays.
    await name('enterprise:999', '');
    await page.fill('#field-callback', '0750-3861001');
    await name('enterprise:1', '0750-3861001');
    await hold(page, 'own-intake-desk-zh');
    // Who owes it is asked for where something is owed, must be said there, and is not sent elsewhere.
    assert.equal(await page.locator('#field-debtor').count(), 0);
    await page.selectOption('#field-topic', 'arrears');
    await page.locator('#field-debtor[required]').fill('示例总包公司');
    await page.fill('#field-owed', '0');
    await page.getByText('拖欠金额须大于零').waitFor();
    await holdBoth(page, 'own-intake-arrears', 'desk');
    await page.fill('#field-owed', '120000');
    await page.getByText('拖欠金额须大于零').waitFor({ state: 'detached' });
    await page.selectOption('#field-topic', 'utilities');
    await page.locator('#field-debtor').waitFor({ state: 'detached' });
    await page.fill('#field-request', '厂区每周停电两次，影响生产。');
    await page.getByRole('button', { name: '登记', exact: true }).click();
    await page.getByText('厂区每周停电两次').first().waitFor();
    assert.equal(await page.getByText('示例总包公司').count(), 0);
  });

  await test('who acts for two chooses, and a link finds the one that it is of', async () => {
    const page = await open(district, 'desk', 'en');
    await logIn(page, 'firm-agent');
    await page.getByRole('heading', { name: '示例水暖洁具有限公司' }).waitFor();
    await page.selectOption('#own-party', { label: '示例食品有限公司' });
    await page.getByRole('heading', { name: '示例食品有限公司' }).waitFor();
    await page.getByRole('button', { name: 'Correction of the register' }).click();
    for (const [field, text] of [['item', 'Address'], ['proposed', 'Example Road 8'], ['evidence', 'the new licence']]) await page.fill(`#field-${field}`, text);
    await page.getByRole('dialog').getByRole('button', { name: 'Submit' }).click();
    await page.getByText('To be verified').first().waitFor();
    const path = new URL(page.url()).pathname;
    const fresh = await open(district, 'desk', 'en');
    await logIn(fresh, 'firm-agent');
    await fresh.goto(`${district.base}${path}`);
    await fresh.getByText('To be verified').first().waitFor();
    await fresh.getByRole('button', { name: 'Withdraw' }).click();
    await fresh.fill('#own-comment', 'found it myself');
    await hold(fresh, 'own-withdraw-desk-en');
    await fresh.getByRole('dialog').getByRole('button', { name: 'Submit' }).click();
    await fresh.getByText('Withdrawn by the enterprise').first().waitFor();
  });

  await test('a mandate is given by name and ended with a reason', async () => {
    const page = await open(district, 'desk', 'en');
    await logIn(page, 'security');
    await page.goto(`${district.base}/administration/mandates`);
    await page.getByText('示例灯具有限公司').waitFor();
    await page.fill('#m-text', '小吃店');
    await page.getByRole('button', { name: 'Find' }).click();
    await page.fill('#m-login', 'firm-lamps');
    await page.fill('#m-reason', 'letter of the owner');
    await holdBoth(page, 'admin-mandates', 'desk');
    await page.getByRole('button', { name: '授权代办示例小吃店' }).click();
    const row = page.getByRole('row').filter({ hasText: '示例小吃店' });
    await row.getByRole('button', { name: '撤销授权' }).click();
    await row.getByRole('textbox').fill('已不在该店');
    await row.getByRole('button', { name: '撤销授权' }).click();
    await row.getByText('已失效').waitFor();
  });
});
