/** What is wrong with a domain of an App Clip, and what mends it. */
interface DomainTrouble {
  readonly what: string;
  readonly todo: string;
}

const FILE = '/.well-known/apple-app-site-association';
const LATER = 'Apple looks again by itself. Where it stays, look at the server’s own log.';
const REBUILD =
  'Mend the entitlement in Xcode and upload a new build: a build keeps the entitlements it was signed with.';

/** Apple’s codes; the association file is the one that the domain serves under `/.well-known`. */
const TROUBLES: Readonly<Record<string, DomainTrouble>> = {
  BAD_HTTP_RESPONSE: {
    what: 'The domain answered with an error instead of its association file.',
    todo: `Serve ${FILE} with status 200 and without asking anybody to sign in.`,
  },
  BAD_JSON_CONTENT: {
    what: 'The association file is not valid JSON.',
    todo: `Check ${FILE} with a JSON checker; a comma too many is enough.`,
  },
  BAD_PKCS7_SIGNATURE: {
    what: 'The association file is signed, and the signature is not valid.',
    todo: 'Serve the file unsigned: a signature has not been needed for years.',
  },
  CANNOT_REACH_AASA_FILE: {
    what: 'The association file could not be fetched.',
    todo: `Open https://DOMAIN${FILE} from outside your network. Firewalls and country blocks that keep Apple out are the usual cause.`,
  },
  CROSS_SITE_REDIRECTS_FORBIDDEN: {
    what: 'The domain leads to another domain instead of serving the association file.',
    todo: 'Serve the file at the domain itself, without a redirect.',
  },
  DNS_ERROR: {
    what: 'The name of the domain could not be looked up.',
    todo: 'Check how it is spelt in the entitlement, and its DNS entries.',
  },
  INSECURE_REDIRECTS_FORBIDDEN: {
    what: 'The domain leads to an address without encryption.',
    todo: 'Serve the association file over https, without a redirect to http.',
  },
  INVALID_ENTITLEMENT_MISSING_SECTION: {
    what: 'The association file does not name App Clips.',
    todo: 'Add a section “appclips” with the App Clip’s identifier to the file.',
  },
  INVALID_ENTITLEMENT_SYNTAX_ERROR: {
    what: 'The entitlement for associated domains is written wrongly.',
    todo: `It reads “appclips:” and the domain alone, without https and without a path. ${REBUILD}`,
  },
  INVALID_ENTITLEMENT_UNHANDLED_SECTION: {
    what: 'The entitlement names a service that is not one for App Clips.',
    todo: `It has to begin with “appclips:”. ${REBUILD}`,
  },
  INVALID_ENTITLEMENT_UNKNOWN_ID: {
    what: 'The association file does not name this App Clip.',
    todo: 'Add its identifier, with the team’s prefix in front, to the section “appclips” of the file.',
  },
  NETWORK_ERROR: {
    what: 'The connection to the domain failed.',
    todo: 'See that the server answers from outside your network.',
  },
  NETWORK_ERROR_TEMPORARY: { what: 'The connection to the domain failed for the moment.', todo: LATER },
  OTHER_ERROR: { what: 'Apple could not check the domain and does not say why.', todo: LATER },
  TIMEOUT: {
    what: 'The domain took too long to answer.',
    todo: 'Serve the association file as a plain file, without anything that makes it wait.',
  },
  TLS_ERROR: {
    what: 'The encrypted connection to the domain could not be made.',
    todo: 'Check its certificate: it has to be valid for this very name, with the whole chain, and not be expired.',
  },
  TOO_MANY_REDIRECTS: {
    what: 'The domain leads from address to address.',
    todo: 'Serve the association file at the domain itself, without redirects.',
  },
  UNEXPECTED_ERROR: { what: 'Something went wrong at Apple.', todo: LATER },
};

/** A code of Apple’s in words; one that Apple has added since says so much. */
export function domainTrouble(code: string | null | undefined, domain: string): DomainTrouble {
  const known = code && Object.hasOwn(TROUBLES, code) ? TROUBLES[code] : undefined;
  const { what, todo } = known ?? {
    what: code ? 'Apple names a reason that Flightdeck does not know yet.' : 'Apple gives no reason.',
    todo: 'Look it up in App Store Connect’s own page of the build.',
  };
  return { what, todo: todo.replace('DOMAIN', domain) };
}
