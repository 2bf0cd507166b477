export const FIELDS = [
  'firstName',
  'lastName',
  'fullName',
  'email',
  'otherEmail',
  'groups',
  'groupIds',
] as const;
export type Field = (typeof FIELDS)[number];

/** Headers people and tools write, without case, accents, spaces and signs. */
const ALIASES: Readonly<Record<Exclude<Field, 'otherEmail'>, string>> = {
  firstName:
    'first firstname fname given givenname givennames forename forenames vorname vornamen rufname prenom prenoms nombre nombres nome primeironome voornaam imie jmeno etunimi fornavn fornamn tilltalsnamn keresztnev prenume ad isim 名 名前 имя имена ім‘я 이름',
  lastName:
    'last lastname lname surname family familyname nachname zuname familienname nom nomdefamille apellido apellidos primerapellido cognome sobrenome achternaam nazwisko prijmeni sukunimi etternavn efternamn efternavn vezeteknev soyad soyadi nume 姓 名字 фамилия прізвище 성',
  fullName:
    'name fullname displayname realname tester testername person persona nomcomplet nomprenom prenomnom nombrecompleto nombreyapellidos nomecompleto vollername vollstandigername anzeigename navn namn naam nev fio фио полноеимя имяифамилия 氏名 姓名 お名前 이름성 성명 contactname membername participant',
  email:
    'email emails mail mails emailaddress emailaddresses mailaddress appleid appleaccount appleidemail address correo correoelectronico direcciondecorreo courriel adressemail adressemel mel emailadresse mailadresse epost epostadress eposta epostaadresse indirizzoemail indirizzomail enderecodeemail sahkoposti sahkopostiosoite emailcim 邮箱 电子邮箱 电子邮件 邮件 電子郵件 電郵 信箱 メール メールアドレス eメール почта электроннаяпочта адресэлектроннойпочты пошта електроннапошта 이메일 이메일주소 메일 דואל البريدالالكتروني',
  groups:
    'group groups betagroup betagroups testergroup testergroups testflightgroup testflightgroups groupname groupnames gruppe gruppen testgruppe testgruppen groupe groupes groupedetesteurs grupo grupos gruppo gruppi groep groepen grupa grupy skupina ryhma grupp grupper グループ 组 分组 群组 группа группы 그룹',
  groupIds: 'groupid groupids betagroupid betagroupids',
};

const FIELD_OF = new Map(
  Object.entries(ALIASES).flatMap(([field, aliases]) =>
    aliases.split(' ').map((alias) => [folded(alias), field as Field] as const),
  ),
);

/** Words inside a longer header. */
const HINTS: readonly (readonly [Field, RegExp])[] = [
  ['groupIds', /\b(beta )?group ids?\b/],
  [
    'email',
    /\be ?mails?\b|\bmail(adresse?)?\b|\bcorreo\b|\bcourriel\b|\bepost(a|adress)?\b|\bupn\b|user ?principal ?name|apple ?id|apple ?account|emailadresse|почт|メール|邮箱|邮件|郵件|이메일|메일/,
  ],
  ['firstName', /\b(first|given|fore) ?name\b|\bvorname\b|\bprenom\b|\bvoornaam\b|имя/],
  [
    'lastName',
    /\b(last|family|sur) ?name\b|\bnachname\b|\bfamilienname\b|\bapellidos?\b|\bachternaam\b|фамилия/,
  ],
  [
    'fullName',
    /\b(full|real|display|your|tester|participant|member|person)s? ?names?\b|\bname\b|氏名|姓名|фио/,
  ],
  ['groups', /\b(beta|test(er|flight)?) ?groups?\b|\bgroups?\b|\bgruppen?\b|\bgroupes?\b|\bgrupos?\b/],
];

/** Somebody else than the person of the row. */
const OTHERS =
  /\b(owners?|managers?|managed|supervisors?|referr?(ers?|als?|ed)|invite(d by|r)|inviter|sponsors?|boss|leader|approvers?|assign(ee|ed)|reporters?|created|creator|added|modified|updated|requested|requester|requestor|submitted|responsible|recruiters?|account (manager|executive)|csm|parents?|guardian|emergency|spouse|partner|friend|colleague|assistant|delegate|coach|mentor|teacher|sender|from|reply ?to|cc|bcc|support|admin|contact owner|vorgesetzter?|chef(in)?|leiter(in)?|betreuer(in)?|verantwortlicher?|eingeladen|einladende?r?|ansprechpartner(in)?|besitzer(in)?|inhaber(in)?|geworben|empfohlen|responsables?|gerente|jefe|propietario|invitado por|referido|proprietaire|gestionnaire|superieur|invite par|parrain|responsabile|proprietario|gestor|eigenaar|leidinggevende|chefe|agare)\b|владел|менедж|руковод|пригласи|начальн|担当|上司|管理者|招待者|紹介者|经理|负责人|推荐人|邀请人|主管|담당|관리자/;
/** Of the person, but a second one. */
const SECONDARY =
  /\b(recovery|alternat(e|ive)|secondary|second|other|another|additional|backup|fallback|alias(es)?|proxy|previous|old|former|personal|private|privat|prive|home|2|3|zweite|weitere|autre|secundario|otro|запасн|дополнит)\b|備用|予備|备用/;
const PRIMARY = /\b(primary|main|work|business|haupt|principal|apple|testflight|preferred)\b/;
const NOT_A_PERSON =
  /\b(company|firma|firm|app|application|device|file|user|login|group|team|organization|organisation|org|unit|department|event|campaign|product|project|domain|list|host|account|middle|maiden|mother|father|nick|pet|bundle|build|role|job|city|street|country|school|brand|display ?type|type|label|format|verified|status|date|count|id|hash|opt|consent|subscribed|sent|bounced)\b/;
const SECRET =
  /\b(pass(word|code|phrase|wd)?|pwd|passwort|kennwort|mot de passe|contrasena|senha|wachtwoord|losenord|haslo|secret|tokens?|api ?key|pin|otp|hash|salt|credential)s?\b|парол|パスワード|暗証|密码|口令|密碼|비밀번호/;

export interface HeaderHint {
  readonly field: Field | null;
  /** 2 for a known header, 1 for a word inside a longer one, 0 for none. */
  readonly strength: 0 | 1 | 2;
  readonly isOthers: boolean;
  readonly isSecondary: boolean;
  readonly isPrimary: boolean;
  readonly isSecret: boolean;
}

/** Longer ones are no headers. */
const LONGEST_HEADER = 200;

/** What a header says about its column; one hint among others. */
export function hintOf(whole: string): HeaderHint {
  const header = whole.slice(0, LONGEST_HEADER);
  const bare = header.replace(/\[[^\]]*\]|\([^)]*\)|[*:：?]/gu, ' ').trim() || header;
  const words = wordsOf(bare);
  const isOthers = OTHERS.test(words);
  const isSecret = SECRET.test(words);
  const common = {
    isOthers,
    isSecondary: SECONDARY.test(words),
    isPrimary: PRIMARY.test(words),
    isSecret,
  };
  if (isSecret) return { field: null, strength: 0, ...common };
  const exact = FIELD_OF.get(folded(bare));
  if (exact !== undefined) return { field: exact, strength: 2, ...common, isOthers: false };
  const inside = HINTS.find(([, form]) => form.test(words));
  const isForeign = inside !== undefined && isNameField(inside[0]) && (NOT_A_PERSON.test(words) || isOthers);
  if (!inside || isForeign) return { field: null, strength: 0, ...common };
  return { field: inside[0], strength: 1, ...common };
}

/** Whether a field is one of the three kinds of names. */
export function isNameField(field: Field): boolean {
  return field === 'firstName' || field === 'lastName' || field === 'fullName';
}

/** `userPrincipalName` and `E-Mail_Adresse` as words without accents. */
function wordsOf(header: string): string {
  return header
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .normalize('NFKC')
    .trim();
}

function folded(header: string): string {
  return header
    .normalize('NFKD')
    .replace(/[\p{M}\s\p{P}\p{S}]/gu, '')
    .toLowerCase();
}
