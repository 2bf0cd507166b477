import { handle } from '@/lib/http/resource-routes';

export const GET = handle('list');
export const POST = handle('create');
