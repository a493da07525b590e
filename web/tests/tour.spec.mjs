// The demonstration's tour: each step becomes somebody, does something, and shows it; said to be made up on every page.
import assert from 'node:assert/strict';
import { hold, holdBoth, open, suite, test } from './harness.mjs';

suite('tour', async (district) => {
  await test('where nothing is made up there is no tour', async () => {
    const page = await open(district, 'desk', 'zh');
    await page.goto(`${district.base}/tour`);
    await page.getByText('这里不是演示环境').waitFor();
    assert.equal(await page.locator('.madeup').count(), 0);
    await page.context().close();
  });
  await district.stop();
  district.demonstrates = true;
  await district.start();

  await test('twelve steps from the town to one’s own turn', async () => {
    const page = await open(district, 'desk', 'zh');
    await page.goto(`${district.base}/tour`);
    await page.waitForSelector('header .madeup');
    await holdBoth(page, 'tour', 'desk');
    await page.getByRole('button', { name: '开始' }).click();
    const at = (n) => page.locator('.tourbar', { hasText: `${n} / 12` }).waitFor();
    const next = () => page.getByRole('button', { name: '下一步' }).click();
    await at(1);
    await hold(page, 'tour-doors-zh-desk');
    await next();
    await at(2);
    await page.waitForURL('**/home');
    await next();
    await page.waitForURL('**/map');
    await next();
    await at(4);
    await page.waitForURL('**/board');
    await page.waitForSelector('.alarmstrip');
    await next();
    await at(5);
    await page.waitForURL('**/follow/*');
    await page.locator('ol.history li').first().waitFor();
    await hold(page, 'tour-follow-zh-desk');
    await next();
    await at(6);
    await page.waitForURL('**/board?pick=case-*');
    await page.locator('.object h2').waitFor();
    await next();
    await at(7);
    await page.waitForURL('**/field');
    await page.locator('.task').first().waitFor();
    await next();
    await at(8);
    await page.waitForURL(/cases\/\d+$/);
    await page.waitForFunction(() => document.querySelectorAll('.pictures figure').length >= 3);
    await page.waitForFunction(() => [...document.querySelectorAll('.pictures img')].every((one) => one.complete && one.naturalWidth > 0));
    await hold(page, 'tour-case-zh-desk');
    await next();
    await page.waitForURL('**/statistics');
    await next();
    await page.waitForURL('**/rules');
    await next();
    await page.waitForURL('**/wall');
    await page.waitForSelector('.wallhead .madeup');
    await next();
    await at(12);
    await page.waitForURL('**/login*');
    await page.getByRole('button', { name: '结束导览' }).click();
    await page.waitForSelector('.tourbar', { state: 'detached' });
    await page.context().close();
  });

  await test('on a phone, in English, and back again', async () => {
    const page = await open(district, 'phone', 'en');
    await page.goto(`${district.base}/tour`);
    await page.getByRole('button', { name: 'Begin' }).click();
    await page.locator('.tourbar', { hasText: '1 / 12' }).waitFor();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.waitForURL('**/home');
    await page.getByRole('button', { name: 'Back', exact: true }).click();
    await page.waitForURL('**/welcome');
    await holdBoth(page, 'tour-bar', 'phone');
    await page.context().close();
  });
});
