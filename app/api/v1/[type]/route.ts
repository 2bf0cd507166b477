import { handle } from '@/lib/http/routes/resource-routes';

export const GET = handle('list');
export const POST = handle('create');
