// One district laid out for all suites, which take copies of it: making one costs seconds under the sanitizers.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export default function prepare() {
  const root = resolve(import.meta.dirname, '../..');
  const folder = mkdtempSync(join(tmpdir(), 'qipan-prepared-'));
  const data = join(folder, 'district');
  const packs = ['grid-events', 'jianghai', 'air-quality', 'jianghai-enterprises', 'data-errors'].map((pack) => join(root, 'packs', pack));
  execFileSync(resolve(root, process.env.QIPAN ?? 'build/release/qipan'), ['init', '--data', data, '--pack', ...packs, '--demo-password', 'qipan-demo'], { stdio: ['ignore', 'ignore', 'inherit'], cwd: root });
  process.env.QIPAN_PREPARED = data;
  return () => rmSync(folder, { recursive: true, force: true });
}
