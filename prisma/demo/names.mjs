export const FIRST_NAMES = (
  'Åsa Örjan Märta Göran Björn Jörgen Håkan Mårten Pär Åke Östen Älva Tuva Maja Ebba Alva Elsa Signe Astrid ' +
  'Vilma Freja Linnéa Klara Saga Nellie Ines Stina Moa Lovisa Ellen Ingrid Karin Birgitta Gunilla Kerstin ' +
  'Margareta Susanne Annika Pernilla Helena Camilla Therese Jessica Malin Sofia Emma Hanna Ida Johanna Elin ' +
  'Sara Amanda Josefin Rebecka Matilda Lukas Hugo Elias Oskar Viktor Filip Anton Albin Axel Arvid Melker ' +
  'Sixten Vidar Tage Gustav Erik Lars Karl Anders Johan Per Nils Mikael Jan Hans Peter Stefan Fredrik ' +
  'Magnus Mattias Daniel Andreas Henrik Jonas Martin Niklas Robert Tobias Patrik Christoffer Rasmus Simon ' +
  'André René Zoë José Chloé Noémi Aïda Anaïs Renée Désirée Anna-Karin Anna-Lena Britt-Marie Eva-Lotta ' +
  'Ann-Sofie Marie-Louise Karl-Johan Per-Åke Lars-Erik Sven-Olof Jan-Åke Carl-Gustaf Fatima Amira Leila ' +
  'Yusuf Omar Ali Hassan Nadia Samira Ahmed Milan Jelena Ivana Dragan Piotr Agnieszka Katarzyna Mei Linh ' +
  'Priya Arjun Mehmet Aylin Elif Amina Abdi Hodan Tesfaye Mariam Sanna Päivi Jukka Søren Bjørn Ólafur'
).split(' ');

export const LAST_NAMES = (
  'Andersson Johansson Karlsson Nilsson Eriksson Larsson Olsson Persson Svensson Gustafsson Pettersson ' +
  'Jonsson Jansson Hansson Bengtsson Jönsson Lindberg Jakobsson Magnusson Lindström Olofsson Lindqvist ' +
  'Lindgren Axelsson Berg Bergström Lundberg Lind Lundgren Lundqvist Mattsson Berglund Fredriksson Sandberg ' +
  'Henriksson Forsberg Sjöberg Wallin Engström Eklund Danielsson Håkansson Lundin Gunnarsson Björk Bergman ' +
  'Samuelsson Fransson Wikström Isaksson Bergqvist Nyström Holmberg Arvidsson Löfgren Söderberg Nyberg ' +
  'Blomqvist Claesson Nordström Mårtensson Lundström Viklund Björklund Eliasson Pålsson Berggren Sandström ' +
  'Nordin Ström Åberg Hermansson Ekström Falk Holmgren Dahlberg Hellström Hedlund Sundberg Sjögren Ek ' +
  'Blom Abrahamsson Öberg Martinsson Andreasson Strömberg Månsson Åkesson Hansen Norberg Lindholm Dahl ' +
  'Jonasson Åkerström Öhman Östlund Ågren Ängström Wallén Lindén Hedén Norén Thorén Ehrén Åkerman-Lind ' +
  'Berg-Nilsson Ek-Öberg Lindh-Wallén Dal-Åström Nguyen Hosseini Ahmadi Kovačević Petrović Yılmaz Demir ' +
  'Kowalski Nowak Haddad Rahimi Farah Tesfay García Fernández Müller Schröder Sørensen Virtanen Korhonen'
).split(' ');

export const TITLES = [
  'HR-chef',
  'HR-specialist',
  'Platschef',
  'Vd',
  'Ekonomichef',
  'Kvalitetssamordnare',
  'Verksamhetsutvecklare',
  'Teamledare',
  'Arbetsmiljöansvarig',
  'Produktionschef',
  'Receptionist',
  'It-chef',
];

export const CITIES = (
  'Stockholm Göteborg Malmö Uppsala Västerås Örebro Linköping Helsingborg Jönköping Norrköping Lund Umeå ' +
  'Gävle Borås Södertälje Eskilstuna Halmstad Växjö Karlstad Sundsvall Östersund Trollhättan Luleå Kalmar ' +
  'Falun Skövde Kristianstad Visby Piteå Ängelholm Åmål Öregrund'
).split(' ');

export const COMPANIES = [
  'Norrtallens Trä AB',
  'Solrosens Förskolor AB',
  'Ångbåtsvarvet AB',
  'Kvarnbackens Bageri AB',
  'Fjällrutans Bygg AB',
  'Mälarhöjdens Omsorg AB',
  'Storskogens Maskin AB',
  'Blåklockan Städ AB',
  'Vintergatans Data AB',
  'Åkerbärs Livs AB',
  'Östkustens Rör AB',
  'Lillsjöns Åkeri AB',
  'Granbarrets Papper AB',
  'Svalans Redovisning AB',
  'Tallkottens Hotell AB',
  'Gråstens Plåt AB',
  'Hjortronmyrens El AB',
  'Norrskenets Turism AB',
  'Kopparslagarns Verkstad AB',
  'Rönnbärets Tandvård AB',
  'Björkdungens Skolor AB',
  'Silverfloden Logistik AB',
  'Tussilagons Apotek AB',
  'Vågbrytarens Fisk AB',
  'Ekorrens Lager AB',
  'Midsommarängens Event AB',
  'Höganloftets Möbler AB',
  'Stjärnfallets Media AB',
  'Lingonrisets Trädgård AB',
  'Smultronställets Café AB',
  'Tranans Konsult AB',
  'Murgrönans Fastigheter AB',
  'Älvdansens Teater Ek. för.',
  'Kompassrosens Resor AB',
  'Fyrtornets Försäkring AB',
  'Sjöbodens Båtar HB',
  'Vitmossans Vård AB',
  'Klockstapelns Hantverk HB',
  'Isbjörnens Kyl AB',
  'Humlebackens Bryggeri AB',
];

export const PRIVATE_DOMAINS = [
  'example.com',
  'example.com',
  'brevlada.example',
  'hemma.example',
  'posten.example',
  'student.example',
];
