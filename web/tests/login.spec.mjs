// Logging in: a locked page, a second factor, and the house's login service as a real one speaks it.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Provider from 'oidc-provider';
import { enter, folder, hold, holdBoth, logIn, open, report, suite, take, test } from './harness.mjs';

/** RFC 6238, as an authenticator computes it from what was typed into it. */
function codeOf(secret, now = Date.now()) {
  let bits = '';
  for (const letter of secret) bits += 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(now / 30_000)));
  const mac = createHmac('sha1', key).update(counter).digest();
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** A login service that asks for a name and believes it. */
async function loginService(back) {
  const server = createServer();
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{ client_id: 'qipan', client_secret: 'a secret of the two', redirect_uris: [back], grant_types: ['authorization_code'], response_types: ['code'] }],
    claims: { openid: ['sub'], profile: ['preferred_username'] },
    conformIdTokenClaims: false,
    findAccount: (_, id) => ({ accountId: id, claims: async () => ({ sub: id, preferred_username: id }) }),
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    cookies: { keys: ['of a test'] },
    async loadExistingGrant(context) {
      const grant = new context.oidc.provider.Grant({ clientId: context.oidc.client.clientId, accountId: context.oidc.session.accountId });
      grant.addOIDCScope('openid profile');
      await grant.save();
      return grant;
    },
  });
  const answer = provider.callback();
  server.on('request', (request, response) => {
    if (!request.url.startsWith('/interaction/')) return answer(request, response);
    if (request.method === 'GET') {
      response.setHeader('Content-Type', 'text/html');
      return response.end('<!doctype html><title>House</title><form method="post"><input id="name" name="name"><button id="in">in</button><button id="no" name="no" value="1">no</button></form>');
    }
    let text = '';
    request.on('data', (bytes) => { text += bytes; });
    request.on('end', () => {
      const form = new URLSearchParams(text);
      const result = form.has('no') ? { error: 'access_denied' } : { login: { accountId: form.get('name') } };
      void provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
    });
    return undefined;
  });
  return { issuer, close: () => server.close() };
}

suite('login', async (district) => {
  /** So many logins a minute are somebody guessing; a restart forgets them. */
  const afresh = async () => {
    await district.stop();
    await district.start();
  };

  await test('a page that is locked hides what is behind, and goes on where it was', async () => {
    const page = await open(district, 'desk', 'zh');
    await enter(page, 'intake');
    await page.goto(`${district.base}/cases/new`);
    await page.locator('textarea').first().fill('正在写的内容');
    await page.getByRole('button', { name: '锁定' }).click();
    await page.waitForSelector('dialog[open]');
    assert.equal(await page.locator('textarea').first().isVisible(), false);
    assert.equal(await page.evaluate(() => fetch('/api/v1/cases').then((answer) => answer.status)), 403, 'not only the page');
    await holdBoth(page, 'locked', 'desk');
    for (let twice = 0; twice < 2; twice += 1) await page.keyboard.press('Escape');
    // The browser closes it and it opens again; what is behind stays covered all the while.
    assert.equal(await page.locator('textarea').first().isVisible(), false);
    await page.waitForSelector('dialog[open]');
    await page.fill('#locked-password', 'wrong one');
    await page.keyboard.press('Enter');
    await page.waitForSelector('dialog .alert');
    await page.fill('#locked-password', 'qipan-demo');
    await page.keyboard.press('Enter');
    await page.waitForSelector('dialog[open]', { state: 'detached' });
    assert.equal(await page.locator('textarea').first().inputValue(), '正在写的内容');
    // Locked, and read anew.
    await page.getByRole('button', { name: /锁定|Lock/ }).click();
    await page.goto(`${district.base}/cases`);
    await page.waitForSelector('dialog[open]');
    await page.fill('#locked-password', 'qipan-demo');
    await page.keyboard.press('Enter');
    // Read while it was locked, and anew when it was not.
    await page.waitForSelector('main table, main .muted');
    await page.waitForFunction(() => document.querySelector('main .alert') === null);
    await page.getByRole('button', { name: /锁定|Lock/ }).click();
    await page.waitForSelector('dialog[open]');
    await page.getByRole('dialog').getByRole('button', { name: /退出|Log out/ }).click();
    await page.waitForURL('**/login*');
    await page.context().close();
  });

  await test('a password that somebody else set is changed first', async () => {
    const admin = await district.session('admin');
    await admin.post('/api/v1/units/add_person', { login: 'newcomer', unit: '440704', title_zh: '示例·新人', title_en: 'Example newcomer', password: 'told by another' });
    const page = await open(district, 'desk', 'zh');
    await logIn(page, 'newcomer', 'told by another');
    await page.waitForURL('**/me');
    await page.waitForSelector('#me-present');
    await hold(page, 'password-first-zh-desk');
    await page.goto(`${district.base}/board`);
    await page.waitForURL('**/me');
    await page.fill('#me-present', 'told by another');
    await page.fill('#me-password', 'only mine 2026');
    await page.locator('form', { has: page.locator('#me-password') }).getByRole('button').click();
    await page.waitForURL('**/login*');
    await logIn(page, 'newcomer', 'only mine 2026');
    // Nobody gave them a post yet: they are at their own page, and nothing holds them there.
    await page.waitForURL('**/me');
    await page.goto(`${district.base}/report`);
    await page.goto(`${district.base}/board`);
    await page.waitForURL('**/board');
    await page.context().close();
  });

  await test('a second factor is set up, asked for, and taken away', async () => {
    const page = await open(district, 'desk', 'en');
    await enter(page, 'd-gd');
    await page.goto(`${district.base}/me`);
    await page.getByRole('button', { name: 'Set it up' }).click();
    await page.waitForSelector('img[width="200"]');
    await holdBoth(page, 'second-factor', 'desk');
    const secret = await page.innerText('.secret');
    await page.fill('#f-code', '000000');
    await page.fill('#f-present', 'qipan-demo');
    await page.locator('form', { has: page.locator('#f-code') }).getByRole('button').click();
    await page.waitForSelector('.alert');
    const first = Date.now();
    await page.fill('#f-code', codeOf(secret, first));
    await page.locator('form', { has: page.locator('#f-code') }).getByRole('button').click();
    await page.waitForURL(/ended=factor/);
    await page.fill('#login', 'd-gd');
    await page.fill('#password', 'qipan-demo');
    await page.getByRole('button', { name: /^(Log in|登录)$/ }).click();
    await page.waitForSelector('#code');
    await holdBoth(page, 'login-code', 'desk');
    // The one that was used does not count again; the one of the next half minute does.
    await page.fill('#code', codeOf(secret, first));
    await page.keyboard.press('Enter');
    await page.waitForSelector('.alert');
    await page.fill('#code', codeOf(secret, first + 30_000));
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => !url.pathname.startsWith('/login'));
    await page.context().close();
    const other = await open(district, 'desk', 'zh');
    await enter(other, 'security');
    await other.goto(`${district.base}/administration/people`);
    await other.fill('#p-search', 'd-gd');
    await other.waitForFunction(() => document.querySelectorAll('tbody tr').length === 1);
    assert.equal(await other.getByText('新增人员').count(), 0, 'accounts are another administration');
    await other.getByRole('button', { name: '办理' }).click();
    await hold(other, 'administration-security-zh-desk');
    await other.fill('#f-reason', '手机丢失');
    await other.fill('#f-present', 'qipan-demo');
    await other.getByRole('button', { name: '停用第二重验证' }).click();
    await other.waitForFunction(() => !document.querySelector('tbody').innerText.includes('第二重验证'));
    await other.context().close();
    await district.session('d-gd');
  });

  await test('who is away is stood in for, and it is said so', async () => {
    await afresh();
    const security = await open(district, 'desk', 'zh');
    await enter(security, 'security');
    await security.goto(`${district.base}/administration/people`);
    await security.fill('#p-search', 'd-hw');
    await security.waitForFunction(() => document.querySelectorAll('tbody tr').length === 1);
    await security.getByRole('button', { name: '办理' }).click();
    await security.fill('input[name=deputy]', 'd-yl');
    await security.getByRole('button', { name: '设代理人' }).click();
    await security.waitForFunction(() => document.querySelector('tbody').innerText.includes('代理人：d-yl'));
    await security.context().close();
    const away = await open(district, 'phone', 'zh');
    await enter(away, 'd-hw');
    await away.goto(`${district.base}/me`);
    const text = (minutes) => new Date(Date.now() + minutes * 60_000).toISOString().slice(0, 16);
    await away.fill('#away-from', text(-2));
    await away.fill('#away-until', text(-1));
    await away.fill('#away-reason', '培训');
    await away.getByRole('button', { name: '登记' }).click();
    await away.waitForSelector('.alert');
    await away.fill('#away-until', text(600));
    await away.getByRole('button', { name: '登记' }).click();
    await away.waitForSelector('section li button');
    await holdBoth(away, 'me-away', 'phone');
    const deputy = await open(district, 'desk', 'zh');
    await enter(deputy, 'd-yl');
    await deputy.goto(`${district.base}/me`);
    await deputy.waitForFunction(() => document.querySelector('main')?.innerText.includes('（代 示例·环境卫生部门经办人）'));
    await hold(deputy, 'me-deputy-zh-desk');
    const id = await report(district, { description: '路边有垃圾' });
    const leader = await district.session('leader');
    await leader.post(`/api/v1/cases/${id}/transitions/file_and_dispatch`, { class: 'S0102', responsible: 'D-HW' });
    await take(deputy, id, '接收', async () => {});
    await deputy.waitForFunction(() => document.querySelector('.history').innerText.includes('（代 示例·环境卫生部门经办人）'));
    await deputy.context().close();
    away.on('dialog', (dialog) => dialog.accept());
    await away.reload();
    await away.locator('section li button').first().click();
    await away.waitForSelector('section li button', { state: 'detached' });
    await away.context().close();
  });

  await test('the auditor reads what administrators did', async () => {
    await afresh();
    const page = await open(district, 'desk', 'zh');
    await enter(page, 'auditor');
    await page.goto(`${district.base}/administration/audit`);
    await page.fill('#a-login', 'security');
    await page.getByRole('button', { name: '查找' }).click();
    await page.waitForFunction(() => document.querySelector('tbody')?.innerText.includes('停用第二重验证'));
    await holdBoth(page, 'audit', 'desk');
    await page.context().close();
    const phone = await open(district, 'phone', 'en');
    await enter(phone, 'auditor');
    await phone.goto(`${district.base}/administration/audit`);
    await phone.waitForSelector('tbody tr');
    await hold(phone, 'audit-en-phone');
    await phone.context().close();
  });

  await test("the house's login service opens a session for whom it names", async () => {
    await district.stop();
    const service = await loginService(`${district.base}/api/v1/session/provider/back`);
    writeFileSync(join(folder, 'client-secret'), 'a secret of the two\n');
    writeFileSync(join(folder, 'provider.toml'), `issuer = "${service.issuer}"\nclient_id = "qipan"\nclient_secret_file = "${join(folder, 'client-secret')}"\nsite = "${district.base}"\nclaim = "preferred_username"\ntitle = { zh = "统一身份平台", en = "the house's service" }\n`);
    district.more = ['--login-provider', join(folder, 'provider.toml')];
    district.beside = service.issuer;
    await district.start();
    const page = await open(district, 'desk', 'zh');
    await page.goto(`${district.base}/cases`);
    await page.waitForURL(/login.then=/);
    await hold(page, 'login-provider-zh-desk');
    const go = () => page.getByRole('link', { name: '用统一身份平台登录' }).click();
    await go();
    await page.click('#no');
    await page.waitForURL(/problem=provider-refused/);
    assert.match(await page.innerText('.alert'), /取消/);
    await go();
    await page.fill('#name', 'somebody else');
    await page.click('#in');
    await page.waitForURL(/problem=provider-login-unknown/);
    await page.context().close();
    const again = await open(district, 'desk', 'zh');
    await again.goto(`${district.base}/cases`);
    await again.getByRole('link', { name: '用统一身份平台登录' }).click();
    await again.fill('#name', 'leader');
    await again.click('#in');
    await again.waitForURL(`${district.base}/collections/case?list=open`);
    await again.waitForSelector('h1');
    assert.match(await again.innerText('.who'), /示例·值班长/);
    await again.context().close();
    service.close();
  });
});
