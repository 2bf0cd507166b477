export { deleteShipTemplate as DELETE, editShipTemplate as PUT } from '@/lib/http/routes/ship-routes';
