export { createShipTemplate as POST, readShipTemplates as GET } from '@/lib/http/routes/ship-routes';
