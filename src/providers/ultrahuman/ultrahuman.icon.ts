/** Our own drawing of a ring, not the vendor's mark. */
export const ULTRAHUMAN_ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48" role="img" aria-label="Ring">
  <ellipse cx="24" cy="26" rx="17" ry="15" fill="none" stroke="#2b2f36" stroke-width="7"/>
  <ellipse cx="24" cy="26" rx="17" ry="15" fill="none" stroke="#8d96a3" stroke-width="2"/>
  <path d="M15 12.5a17 15 0 0 1 18 0" fill="none" stroke="#e4573d" stroke-width="3" stroke-linecap="round"/>
  <circle cx="24" cy="7" r="3" fill="#e4573d"/>
</svg>
`;
