/** Numbers different values in the order they first come. */
export class Numbering<T> {
  readonly values: T[] = [];
  private readonly numbers = new Map<string, number>();

  of(name: string, value: T): number {
    let number = this.numbers.get(name);
    if (number === undefined) {
      number = this.values.push(value) - 1;
      this.numbers.set(name, number);
    }
    return number;
  }
}
