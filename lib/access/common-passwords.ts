/** Passwords (and stems, with digits and signs at the end removed) that are tried first by everyone. */
export const COMMON_PASSWORDS: ReadonlySet<string> = new Set(
  `password passw0rd p@ssword p@ssw0rd passwort contraseña motdepasse mypassword yourpassword newpassword
  password1 password12 password123 password1234 passwordpassword 1234567890 12345678910 0123456789 0987654321
  1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx3edc 1qaz2wsx qazwsxedc zaq12wsx qwertyuiop qwerty123456 qwerty qwertzuiop
  qwertz azerty azertyuiop asdfghjkl asdfghjkl; zxcvbnm abcdefghij abcdefgh abcd1234 abc123456789 a123456789
  letmein letmeinnow welcome welcome1 welcomehome iloveyou iloveyou1 iloveyousomuch sunshine princess football
  baseball basketball superman batman spiderman starwars pokemon dragon monkey shadow master michael jennifer
  trustno1 whatever freedom computer internet samsung iphone apple google facebook linkedin dropbox adobe
  administrator administrador admin adminadmin admin1234 root rootroot superuser changeme changemenow changeit
  default secret secretsecret temporary testing testtest test1234 tester guest guestguest demo demodemo example
  flightdeck testflight appstore appstoreconnect company corporate summer winter spring autumn january february
  monday friday december correcthorsebatterystaple hunter2 letmein123 loveyou lovelove blink182 liverpool
  chelsea arsenal manchester barcelona realmadrid juventus ferrari porsche mercedes mustang corvette harley
  yankees cowboys steelers lakers eagles packers jordan23 killer pussycat pepper ginger cookie charlie
  thomas george jessica ashley amanda andrew joshua matthew daniel hannah anthony`.split(/\s+/),
);
