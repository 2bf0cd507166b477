import { handle } from '@/lib/http/routes/resource-routes';

export const GET = handle('get');
export const PATCH = handle('update');
export const DELETE = handle('delete');
