import { handle } from '@/lib/http/resource-routes';

export const GET = handle('metrics');
