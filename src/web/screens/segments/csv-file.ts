/** As Excel on a Swedish machine reads it: a mark for UTF-8, semicolons; what begins like a formula is shown, not run. */
export function csvOf(lines: readonly (readonly string[])[]): string {
  const cell = (value: string) => {
    const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
    return `"${harmless.replaceAll('"', '""')}"`;
  };
  return `\uFEFF${lines.map((line) => `${line.map(cell).join(';')}\r\n`).join('')}`;
}

/** Hands a file to whoever looks at the page. */
export function saveFile(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
