import type { ReactNode } from 'react';
import { Frame } from '@/app/frame';

/** The frame of every page of a signed-in person; each page asks for the session itself as well. */
export default function DashboardLayout({ children }: { children: ReactNode }) {
  return <Frame>{children}</Frame>;
}
