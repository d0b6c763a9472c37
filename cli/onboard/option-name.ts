/** `serviceKeyArn` is `--service-key-arn`. */
export function optionNamed(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
