/**
 * `?embed`, as in an iframe: what belongs to the site is hidden before anything is drawn; `?embed=picture` leaves the picture alone.
 * `?theme=dark` is a shorter name of the site generator's own word for it.
 */
export const EMBED = `{
  const words = new URLSearchParams(location.search);
  if (words.has('embed')) document.documentElement.dataset.embed = words.get('embed');
  if (words.has('theme')) {
    words.set('docusaurus-theme', words.get('theme'));
    history.replaceState(null, '', '?' + words + location.hash);
  }
}`;
