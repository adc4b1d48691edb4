import { BadInput } from '../http/exchange';

/** A misspelt knob that is silently ignored would make a test pass for nothing: unknown fields are refused. */
export class ControlInput {
  constructor(
    private readonly fields: Record<string, unknown>,
    what: string,
    known: string[],
  ) {
    const unknown = Object.keys(fields).find((name) => !known.includes(name));
    if (unknown !== undefined)
      throw new BadInput(`unknown field ${unknown}; ${what} has ${known.join(', ')}`);
  }

  text(name: string): string | undefined {
    const value = this.fields[name];
    if (value === undefined || typeof value === 'string') return value;
    throw new BadInput(`${name} must be text`);
  }

  number(name: string): number | undefined {
    const value = this.fields[name];
    if (value === undefined || typeof value === 'number') return value;
    throw new BadInput(`${name} must be a number`);
  }

  flag(name: string): boolean | undefined {
    const value = this.fields[name];
    if (value === undefined || typeof value === 'boolean') return value;
    throw new BadInput(`${name} must be true or false`);
  }

  requiredNumber(name: string, meaning: string): number {
    const value = this.number(name);
    if (value === undefined) throw new BadInput(`${name} must be ${meaning}`);
    return value;
  }

  raw(name: string): unknown {
    return this.fields[name];
  }
}
