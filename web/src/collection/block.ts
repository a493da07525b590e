// A block of cells as a spreadsheet puts it on the clipboard: rows of tabs, its first row the names of the columns.

/** Two rows of two cells at least. */
export const isBlock = (text: string) => text.trim().split('\n').length > 1 && (text.split('\n')[0] ?? '').includes('\t');

let kept = '';
/** For the page that it goes to. */
export const keepBlock = (text: string) => (kept = text);
export function takeBlock(): string {
  const text = kept;
  kept = '';
  return text;
}

/** As the CSV (RFC 4180) that imports read. Cells with tabs or line ends of their own come in quotation marks already. */
export function csvOf(text: string): string {
  const cells: string[][] = [[]];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (quoted) {
      if (sign === '"' && text[at + 1] === '"') cell += text[(at += 1)];
      else if (sign === '"') quoted = false;
      else cell += sign;
    } else if (sign === '"' && cell === '') quoted = true;
    else if (sign === '\t' || sign === '\n') {
      cells.at(-1)?.push(cell.replace(/\r$/, ''));
      cell = '';
      if (sign === '\n') cells.push([]);
    } else cell += sign;
  }
  cells.at(-1)?.push(cell.replace(/\r$/, ''));
  const rows = cells.filter((row) => row.some((one) => one !== ''));
  return rows.map((row) => row.map((one) => (/[",\n\r]/.test(one) ? `"${one.replaceAll('"', '""')}"` : one)).join(',')).join('\r\n') + '\r\n';
}
