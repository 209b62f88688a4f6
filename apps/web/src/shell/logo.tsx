/** The mark: a candle that casts a forecast fan. */
export function Logo({ className }: { readonly className: string | undefined }) {
  return (
    <svg className={className} viewBox="0 0 28 24" width="28" height="24" aria-hidden="true">
      <path d="M9 12 27 2v20z" fill="currentColor" opacity=".28" />
      <path d="M9 12 27 7.5v9z" fill="currentColor" opacity=".55" />
      <path d="M5.5 1v5m0 12v5" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
      <rect x="2" y="6" width="7" height="12" rx="1.5" fill="currentColor" />
    </svg>
  );
}
