import { handle } from '@/lib/http/routes/resource-routes';

export const GET = handle('related');
