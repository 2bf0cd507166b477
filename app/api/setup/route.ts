export { setupAdmin as POST, setupState as GET } from '@/lib/http/routes/setup-route';
