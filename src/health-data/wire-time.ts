/** ISO 8601 in UTC as Open Wearables writes it: without a fraction where there is none. */
export const wireTime = (at: Date | number) => new Date(at).toISOString().replace('.000Z', 'Z');
