import styles from './docs-text.module.css';

/** A part of the docs, in their own words. `html` is made at build time from files of this repository. */
export function DocsText({ html }: { readonly html: string }) {
  // biome-ignore lint/security/noDangerouslySetInnerHtml: our own docs, rendered at build time
  return <div className={styles.docs} dangerouslySetInnerHTML={{ __html: html }} />;
}
