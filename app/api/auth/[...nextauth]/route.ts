import { authRoute } from '@/lib/http/routes/auth-route';

export const GET = authRoute;
export const POST = authRoute;
