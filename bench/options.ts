/** `--name N` or `--name=N` among the words after the bench's own. */
export function numberOption(name: string, byDefault: number): number {
  const words = process.argv.slice(2);
  const at = words.indexOf(`--${name}`);
  const text = at >= 0 ? words[at + 1] : words.find((word) => word.startsWith(`--${name}=`))?.split('=')[1];
  const value = Number(text);
  return text !== undefined && Number.isInteger(value) && value > 0 ? value : byDefault;
}
