export const SCOPES = {
  profile: { title: 'Profile', detail: 'Your name, e-mail address and time zone' },
  ring_data: {
    title: 'Ring Data',
    detail: 'Heart rate, sleep, temperature, steps and scores from your ring',
  },
  cgm_data: { title: 'CGM Data', detail: 'Glucose readings and metabolic scores from your sensor' },
};

export type Scope = keyof typeof SCOPES;

export function isScope(name: string): name is Scope {
  return Object.hasOwn(SCOPES, name);
}

export function splitScopes(text: string): string[] {
  return [...new Set(text.split(/\s+/).filter((name) => name !== ''))];
}
