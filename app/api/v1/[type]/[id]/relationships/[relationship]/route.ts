import { handle } from '@/lib/http/routes/resource-routes';

export const GET = handle('linkage');
export const POST = handle('addLinkage');
export const PATCH = handle('replaceLinkage');
export const DELETE = handle('removeLinkage');
