/** How high the page is: a panel is low, an editor is not. */
/// <reference lib="dom" />
import { useEffect, useState } from 'preact/hooks';

export function useWindowHeight(): number {
  const [height, setHeight] = useState(window.innerHeight);
  useEffect(() => {
    const measure = () => setHeight(window.innerHeight);
    window.addEventListener('resize', measure);
    return () => window.removeEventListener('resize', measure);
  }, []);
  return height;
}
