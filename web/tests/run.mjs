// Drives the real pages in Debian's Chromium against real districts.
//   node tests/run.mjs QIPAN_BINARY [reports|board|sensing|administration|rules|many]...        screenshots go to build/screenshots
import { testAdministration } from './administration.mjs';
import { testBoard } from './board.mjs';
import { District, tally, tidyUp } from './harness.mjs';
import { testMany } from './many.mjs';
import { testReports } from './reports.mjs';
import { testRules } from './rules.mjs';
import { testSensing } from './sensing.mjs';

const suites = { reports: testReports, board: testBoard, sensing: testSensing, administration: testAdministration, rules: testRules, many: testMany };
const chosen = process.argv.length > 3 ? process.argv.slice(3) : Object.keys(suites);
const districts = [];
let failed = 0;
try {
  for (const name of chosen) {
    const district = await new District(name, 'grid-events', 'jianghai', 'air-quality').start();
    districts.push(district);
    await suites[name](district);
    await district.stop();
  }
} catch (error) {
  failed = 1;
  console.error(error);
} finally {
  await tidyUp(...districts);
}
console.log(`browser: ${tally.passed} passed, ${failed} failed`);
process.exit(failed);
