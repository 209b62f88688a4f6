/** Whether the browser may show notices of its own: it has not been asked, it may, it may not, or it cannot. */
export type NoticePermission = 'default' | 'granted' | 'denied' | 'unsupported';

/** Returns what the browser may do now. */
export function noticePermission(): NoticePermission {
  return 'Notification' in globalThis ? Notification.permission : 'unsupported';
}

/** Asks the visitor. Browsers allow that only in answer to a click. */
export async function askForNotices(): Promise<NoticePermission> {
  return 'Notification' in globalThis ? Notification.requestPermission() : 'unsupported';
}

/** Shows a notice of the browser's own where it may; `tag` replaces an older one of the same name. Phones without windows for it show none. */
export function showNotice(title: string, body: string, tag: string): void {
  if (noticePermission() !== 'granted') return;
  try {
    new Notification(title, { body, tag, icon: '/icon.svg' });
  } catch (error) {
    // Chromium on Android throws: there only service workers may show notices. The panel lists the firing all the same.
    console.warn('no desktop notice:', error);
  }
}
