export { deleteMailServer as DELETE, setMailServer as PUT } from '@/lib/http/routes/channel-routes';
