// Administration: somebody new who may something, a key that works until it is revoked, and notices that really leave by mail and webhook.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { enter, hold, holdBoth, logIn, open, report, suite, test } from './harness.mjs';

/** A mail server that takes everything and keeps it. */
async function mailServer() {
  const mails = [];
  const server = createServer((socket) => {
    let data = null;
    let rest = '';
    const mail = { to: [], text: '' };
    socket.write('220 here\r\n');
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      rest += bytes.toString('latin1');
      for (let end = rest.indexOf('\r\n'); end >= 0; end = rest.indexOf('\r\n')) {
        const line = rest.slice(0, end);
        rest = rest.slice(end + 2);
        if (data !== null) {
          if (line === '.') {
            mails.push({ to: mail.to, text: data });
            mail.to = [];
            data = null;
            socket.write('250 kept\r\n');
          } else data += `${line}\n`;
          continue;
        }
        if (line.startsWith('RCPT TO:')) mail.to.push(line.slice(8));
        if (line === 'DATA') {
          data = '';
          socket.write('354 go on\r\n');
        } else if (line === 'QUIT') socket.end('221 bye\r\n');
        else socket.write('250 fine\r\n');
      }
    });
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return { mails, port: server.address().port, close: () => server.close() };
}

const plain = (mail) => Buffer.from(mail.text.split('\n\n').at(-1).replace(/\n/g, ''), 'base64').toString('utf8');
async function until(condition, what) {
  for (let i = 0; i < 200; i += 1) {
    if (await condition()) return;
    await new Promise((later) => setTimeout(later, 100));
  }
  assert.fail(what);
}

suite('administration', async (district) => {
  await test('somebody new is entered, given a post, and logs in', async () => {
    let page = await open(district, 'desk', 'zh');
    await logIn(page, 'admin');
    await page.getByRole('link', { name: '组织与权限', exact: true }).first().click();
    await page.getByRole('link', { name: '人员', exact: true }).click();
    await page.getByText('新增人员').click();
    for (const [name, text] of [['login', 'new-one'], ['unit', '440704001'], ['zh', '示例·新人'], ['en', 'Example newcomer'], ['email', 'new@example.org'], ['password', '  a long enough one']]) await page.fill(`#p-${name}`, text);
    await page.getByRole('button', { name: '保存' }).click();
    await page.waitForSelector('.good');
    await page.fill('#p-search', 'new-one');
    await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 1);
    assert.ok(!(await page.innerText('main')).includes('new@example.org'), 'contacts are not shown');
    await page.context().close();
    page = await open(district, 'desk', 'zh');
    // Whoever says who may what is another administrator.
    await enter(page, 'security');
    await page.goto(`${district.base}/administration/people`);
    await page.fill('#p-search', 'new-one');
    await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 1);
    await page.getByRole('button', { name: '办理' }).click();
    await page.selectOption('#g-role', 'collector');
    await page.fill('#g-unit', '440704001');
    await page.getByRole('button', { name: '授予岗位' }).click();
    await page.waitForFunction(() => document.querySelector('tbody td:nth-child(4)').innerText.includes('监督员'));
    await page.selectOption('#g-role', 'collector');
    await page.fill('#g-unit', 'no-such-unit');
    await page.getByRole('button', { name: '授予岗位' }).click();
    await page.waitForSelector('.alert');
    assert.equal(await page.innerText('.alert'), '没有找到：单位', 'by its title, not by its name in the API');
    await hold(page, 'administration-refused-zh-desk');
    const other = await open(district, 'phone', 'zh');
    await logIn(other, 'new-one', '  a long enough one');
    await other.waitForURL('**/me');
    await hold(other, 'password-first-zh-phone');
    await other.fill('#me-present', '  a long enough one');
    await other.fill('#me-password', 'known to me alone');
    await other.locator('form', { has: other.locator('#me-password') }).getByRole('button').click();
    await other.waitForURL('**/login*');
    await logIn(other, 'new-one', 'known to me alone');
    await other.waitForURL('**/field*');
    await other.context().close();
    await page.context().close();
  });

  await test('a unit is added, renamed and retired', async () => {
    const page = await open(district, 'desk', 'zh');
    await enter(page, 'admin');
    await page.goto(`${district.base}/administration/units`);
    await page.getByText('新增单位').click();
    await page.selectOption('#u-kind', 'department');
    for (const [name, text] of [['parent', '440704'], ['code', 'D-NEW'], ['zh', '新部门'], ['en', 'New department']]) await page.fill(`#u-${name}`, text);
    await page.getByRole('button', { name: '保存' }).click();
    await page.waitForFunction(() => document.querySelector('tbody').innerText.includes('新部门'));
    const row = page.locator('tr', { hasText: 'D-NEW' });
    await row.getByRole('button', { name: '办理' }).click();
    await page.fill('#e-zh', '改了名的部门');
    await page.getByRole('button', { name: '修改' }).click();
    await page.waitForFunction(() => document.querySelector('tbody').innerText.includes('改了名的部门'));
    await row.getByRole('button', { name: '办理' }).click();
    await page.fill('#e-reason', '并入他处');
    await page.getByRole('button', { name: '停用' }).click();
    await page.waitForFunction(() => !document.querySelector('tbody').innerText.includes('D-NEW'));
    await page.context().close();
  });

  await test('a key is shown once, works, and is revoked', async () => {
    const page = await open(district, 'desk', 'en');
    page.on('dialog', (dialog) => dialog.accept());
    await enter(page, 'security');
    await page.goto(`${district.base}/administration/keys`);
    await page.fill('#k-login', 'leader');
    await page.fill('#k-purpose', 'a test');
    await page.getByRole('button', { name: 'Issue a key' }).click();
    const secret = await page.innerText('.secret');
    const ask = () => fetch(`${district.base}/api/v1/cases`, { headers: { Authorization: `Bearer ${secret}` } }).then((answer) => answer.status);
    assert.equal(await ask(), 200);
    await hold(page, 'administration-key-en-desk');
    await page.reload();
    await page.waitForSelector('tbody tr');
    assert.ok(!(await page.innerText('main')).includes(secret));
    await page.getByRole('button', { name: 'Revoke' }).click();
    await page.waitForFunction(() => document.querySelector('tbody').innerText.includes('revoked'));
    assert.equal(await ask(), 401);
    await page.context().close();
  });

  await test('notices leave by mail and webhook, and the case says how it went', async () => {
    const smtp = await mailServer();
    const heard = [];
    const hook = createHttpServer((request, response) => {
      let body = '';
      request.on('data', (bytes) => (body += bytes));
      request.on('end', () => {
        heard.push({ body, signature: request.headers['qipan-signature'] });
        response.writeHead(204).end();
      });
    });
    await new Promise((ready) => hook.listen(0, '127.0.0.1', ready));
    const page = await open(district, 'desk', 'zh');
    page.on('dialog', (dialog) => dialog.accept());
    await enter(page, 'admin');
    await page.goto(`${district.base}/me`);
    await page.fill('#me-email', 'admin@example.org');
    await page.fill('#me-present-contact', 'qipan-demo');
    await page.locator('form').first().getByRole('button').click();
    await page.waitForSelector('.good');
    await page.goto(`${district.base}/administration/notices`);
    await page.fill('#m-host', '127.0.0.1');
    await page.fill('#m-port', String(smtp.port));
    await page.selectOption('#m-security', 'none');
    await page.fill('#m-from', 'qipan@example.org');
    await page.locator('form').first().getByRole('button', { name: '保存' }).click();
    await page.waitForSelector('.good');
    await page.locator('form').first().getByRole('button', { name: '试发' }).click();
    await until(() => smtp.mails.length === 1, 'the test mail');
    assert.deepEqual(smtp.mails[0].to, ['<admin@example.org>']);
    await page.fill('#w-name', '试听');
    await page.fill('#w-url', `http://127.0.0.1:${hook.address().port}/hear`);
    await page.getByRole('button', { name: '新增订阅' }).click();
    const secret = await page.innerText('.secret');
    // The department's hand gets an address; the reporter has left one.
    const admin = await district.session('admin');
    await admin.post('/api/v1/units/set_contact', { login: 'd-hw', email: 'hw@example.org', present_password: 'qipan-demo' });
    const id = await report(district, { description: '要通知的一件', condition: 'dirty', reporter_email: 'me@example.org' }, { x: 1131050000, y: 225050000, class: 'S0102' });
    const leader = await district.session('leader');
    await leader.post(`/api/v1/cases/${id}/transitions/file_and_dispatch`, {});
    const mailTo = (address) => smtp.mails.find((mail) => mail.to.includes(`<${address}>`));
    await until(() => mailTo('me@example.org') !== undefined && mailTo('hw@example.org') !== undefined && heard.length >= 2, 'mails and calls');
    const toReporter = mailTo('me@example.org');
    const link = /(http:\/\/\S+\/follow\/\S+)/.exec(plain(toReporter))[1];
    const toDepartment = mailTo('hw@example.org');
    assert.match(plain(toDepartment), new RegExp(`/cases/${id}`));
    for (const one of heard) {
      const [, second, signature] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(one.signature);
      assert.equal(signature, createHmac('sha256', secret).update(`${second}.${one.body}`).digest('hex'));
    }
    const follower = await open(district, 'phone', 'zh');
    await follower.goto(link);
    await follower.waitForSelector('ol.history li');
    await follower.context().close();
    await page.goto(`${district.base}/cases/${id}`);
    await page.waitForFunction(() => [...document.querySelectorAll('h2')].some((one) => one.innerText === '通知'));
    const told = await page.innerText('main');
    assert.match(told, /已发出/);
    assert.match(told, /上报人/);
    assert.ok(!told.includes('hw@example.org') && !told.includes('me@example.org'), 'no address is shown');
    await hold(page, 'case-notices-zh-desk');
    // A listener that is gone: told, and tried again.
    hook.close();
    hook.closeAllConnections();
    await page.goto(`${district.base}/administration/notices`);
    await page.waitForSelector('tbody tr');
    await page.locator('table').first().getByRole('button', { name: '试发' }).click();
    await page.waitForFunction(() => document.body.innerText.includes('已试 1 次'), undefined, { timeout: 20_000 });
    await hold(page, 'administration-notices-waiting-zh-desk');
    await page.locator('form').first().getByRole('button', { name: '停用邮件' }).click();
    await page.waitForFunction(() => document.body.innerText.includes('还没有邮件服务器'));
    smtp.close();
    await page.context().close();
  });

  await test('who does not administer is told so', async () => {
    const page = await open(district, 'desk', 'en');
    await logIn(page, 'leader');
    assert.equal(await page.getByRole('link', { name: 'Administration' }).count(), 0);
    await page.goto(`${district.base}/administration/people`);
    await page.waitForURL(/\/forbidden\?/);
    await page.getByRole('heading', { name: 'Not permitted' }).waitFor();
    await hold(page, 'administration-not-permitted-en-desk');
    await page.context().close();
  });

  for (const size of ['desk', 'phone']) {
    await test(`administration holds in both languages at a ${size}`, async () => {
      const page = await open(district, size, 'zh');
      await enter(page, 'admin');
      for (const part of ['units', 'people', 'roles', 'packs', 'notices', 'keys']) {
        if (part === 'keys') await enter(page, 'security');
        await page.goto(`${district.base}/administration/${part}`);
        await page.waitForSelector('tbody tr');
        await page.waitForTimeout(200);
        await holdBoth(page, `administration-${part}`, size);
        if (part !== 'units' && part !== 'people') continue;
        await page.locator('details summary').first().click();
        await page.locator('tbody tr button:not(.link)').first().click();
        await holdBoth(page, `administration-${part}-open`, size);
      }
      await page.context().close();
    });
  }
});
