export { editShipApproval as PUT, readShipApproval as GET } from '@/lib/http/routes/programme-routes';
