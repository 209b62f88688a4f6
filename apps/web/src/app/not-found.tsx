import { Logo } from '../shell/logo.tsx';
import { SITE_PAGES } from '../shell/navigation.ts';
import styles from '../shell/stand-in.module.css';

/** Stands where there is no such page. */
export default function NotFound() {
  return (
    <main className={styles.page} data-theme="dark">
      <Logo className={styles.logo} />
      <h1 className={styles.title}>Nothing is here</h1>
      <p className={styles.text}>There is no such page, or no such pair is tracked.</p>
      <nav aria-label="Pages">
        <ul className={styles.pages}>
          {SITE_PAGES.map(({ path, label }) => (
            <li key={path}>
              <a href={path}>{label}</a>
            </li>
          ))}
        </ul>
      </nav>
    </main>
  );
}
