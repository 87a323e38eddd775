"""What the columns of customers are called by billing systems, CRM systems and people: plain names, the surest first.

A line is one degree of certainty: where two columns of a table fit one line, the user is asked.
"""

from __future__ import annotations

#: Who a customer is; a contract or subscription of it only where nothing else tells.
CUSTOMER = (
    "customer, customer id, customers id, customerid, customer number, customer no, customer key, customer code, "
    "client, client id, "
    "clientid, client number, kunde, kunden id, kundenid, kundennummer, kundennr, kunden nr, cliente, cliente id, "
    "id cliente, id client, id del cliente, id do cliente, codigo cliente, codice cliente, numero client, "
    "numero cliente, code client, klant, klant id, klantnummer, kund, kund id, kundnummer, kundenummer, klient, "
    "klient id, id klienta, asiakas, cod cliente, cod client, cust id, custid, customer ref, customer nr, "
    "customer num, "
    "kunnr, kdnr, kd nr, kundennr, auftraggeber, debitor, debitornr, debitorennummer, abonnent, abonne, abbonato, "
    "suscriptor, assinante, abonado, codigo de cliente, codigo do cliente, codigo del cliente, numero de client, "
    "numero de cliente, n client, no client, sold to, sold to party, end customer, customer account, klantnr, "
    "klantcode, kundnr, versicherungsnehmer, policyholder, policy holder, mieter, tenant name, mandant, "
    "mandantennummer, 顧客, 顧客id, 顧客番号, 顧客コード, お客様番号, 取引先コード, 客户, 客户id, 客户编号, 고객, "
    "고객 id, 고객번호, "
    "고객 번호, musteri, musteri no, musteri numarası, musteri kodu",
    "account, account id, accounts id, account code, "
    "accountid, account number, user id, userid, subscriber, subscriber id, member id, "
    "account account id, account account number, customer customer id, organization id, organisation id, "
    "company id, tenant, tenant id, konto, compte, cuenta, id cuenta, conta",
    "customer name, client name, account name, company, company name, kundenname, nom du client, nombre del cliente, "
    "nome cliente, nome do cliente, klantnaam, firma, entreprise, empresa, azienda, raison sociale, ragione sociale, "
    "razon social, razao social, account account name, customer customer name, organization, organisation, end user, "
    "societe, unternehmen, bedrijf, bedrijfsnaam, firmenname, nazwa klienta, nazwa firmy, customer company, 顧客名, "
    "musteri adı, musteri adi, firma adı, "
    "お客様名, 会社名, 企業名, 取引先, 取引先名, 契約者名, 契約企業, 客户名称, 客户名, 公司名称, 公司, 고객명, "
    "고객사, 고객사명, 회사명, 회사",
)
CONTRACT = (
    "contract, contract id, contractid, contract number, contract no, subscription, subscription id, subscriptionid, "
    "subscription number, renewal id, policy id, policy number, agreement id, licence id, license id, vertrag, "
    "vertragsnummer, vertrags id, vertrag id, abo id, contrat, numero de contrat, id contrat, contrato, id contrato, "
    "numero de contrato, contratto, id contratto, contractnummer, abonnement id, 契約番号, 契約id, 合同编号, 合同号, "
    "계약번호, "
    "계약 번호"
)

#: Yes or no: whether it stayed, besides the headings of ranges; whether it left.
RETAINED = (
    "verlangert, erneuert, vertrag verlangert, renouvele, renouvelee, renovado, renovada, rinnovato, rinnovata, "
    "renewal outcome, renewal result, renewal decision, contract renewed, subscription renewed, did renew, "
    "verlengd, fornyad, fornyet, odnowiony, odnowiona, retenido, retido, conserve, 継続, 継続有無, 契約更新, "
    "更新有無, 更新結果, "
    "续约, 是否续约, 续费, 갱신, 갱신 여부, 갱신여부, 재계약, 재계약 여부, 재계약여부"
)
CHURNED = (
    "churn, churned, is churned, has churned, churn flag, churned flag, customer churned, churn yes no",
    "churn label, churn status, exited, attrition, attrited, cancelled, canceled, is cancelled, "
    "is canceled, "
    "lost, left, gekundigt, abgewandert, verloren, resilie, perdu, parti, baja, cancelado, perdido, disdetto, perso, "
    "opgezegd, uppsagd, opsagt, utracony, 解約, 解約有無, 解約フラグ, 流失, 是否流失, 해지, 해지 여부, 해지여부, "
    "이탈, 이탈 여부, 이탈여부",
    "churn value",
)

#: How a customer is: the words of its status, or yes and no to "active".
STATUS = (
    "status, customer status, client status, account status, subscription status, subscriptions status, "
    "customers status, contract status, renewal state, "
    "membership status, lifecycle status, lifecycle stage, lifecycle, state, kundenstatus, vertragsstatus, "
    "abostatus, zustand, statut, statut client, etat, estado, estado cliente, estado del cliente, estado contrato, "
    "stato, stato cliente, stato contratto, situacao, situacao cliente, situacion, status cliente, klantstatus, "
    "tila, durum, durumu, musteri durumu, attrition flag, ステータス, 状態, 契約状態, "
    "契約状況, 契約ステータス, 状态, 合同状态, 客户状态, 상태, 계약 상태, 계약상태"
)
ACTIVE = (
    "active, is active, active flag, aktiv, ist aktiv, actif, activo, activa, ativo, ativa, attivo, actief, aktywny"
)

#: The period of a row, or the day on which a contract is due.
PERIOD = "period, renewal period, reporting period, billing period, periode, periodo, zeitraum"
MONTH = (
    "quarter, renewal quarter, month, year, renewal month, renewal year, fiscal quarter, snapshot month, "
    "report month, "
    "reporting month, billing month, year month, snapshot date, snapshot, as of, as of date, report date, quartal, "
    "monat, jahr, stichtag, trimestre, mois, annee, mes, ano, mese, anno, kwartaal, maand, jaar, kvartal, manad, "
    "maned, 月, 年月, "
    "対象月, 四半期, 月份, 季度, 월, 분기"
)
DUE = "renewal date, renewed on, due date, contract end, contract end date, renewal"

#: Since when: the beginning of a contract first, then since when a customer is one, then when its record was made.
START = (
    "baslangıc tarihi, baslangic tarihi, sozlesme baslangıc tarihi, baslangıc, contract effective date, start month, "
    "first month, data rozpoczecia umowy, poczatek umowy, data podpisania umowy, vertrag beginnt am, "
    "start, start date, startdate, started, started at, started on, starts, starts at, starts on, start at, start on, "
    "start time, begin, begin date, begins, began, begins on, commencement date, commenced on, inception date, "
    "subscription start, subscription start date, subscription started at, subscription begin, contract start, "
    "contract start date, contract begin, contract begin date, contract from, service start, service start date, "
    "term start, term start date, period start, billing period start, billing start, billing start date, "
    "license start, license start date, licence start, licence start date, membership start, membership start date, "
    "policy start, policy start date, coverage start, coverage start date, lease start, lease start date, plan start, "
    "plan start date, active from, active since, activated, activated at, activated on, activation date, valid from, "
    "effective date, effective from, effective start, effective start date, from date, date from, from, "
    "versicherungsbeginn, mietbeginn, mandatsbeginn, obowiazuje od, wazne od, usage start date, install date, "
    "date d inscription, date inscription, beginn, startdatum, anfang, anfangsdatum, vertragsbeginn, "
    "vertragsstart, vertrag von, abobeginn, abo beginn, "
    "abo start, laufzeitbeginn, laufzeit von, leistungsbeginn, aktiv seit, aktiv ab, aktiv von, gultig ab, "
    "gultig von, "
    "gueltig ab, gueltig von, eintrittsdatum, eintritt, von, ab, "
    "debut, date debut, date de debut, debut contrat, debut du contrat, date debut contrat, date de debut du contrat, "
    "debut abonnement, debut d abonnement, date d effet, date d entree, date de souscription, date souscription, "
    "actif depuis, valable du, du, de, "
    "inicio, fecha inicio, fecha de inicio, inicio contrato, inicio de contrato, inicio del contrato, "
    "fecha inicio contrato, fecha de inicio del contrato, fecha alta, fecha de alta, alta, vigente desde, "
    "vigencia desde, inicio vigencia, activo desde, desde, "
    "data inicio, data de inicio, data inicial, inicio do contrato, data inicio contrato, data de inicio do contrato, "
    "inicio da assinatura, inicio da vigencia, data de ativacao, ativo desde, "
    "inizio, data inizio, data di inizio, inizio contratto, data inizio contratto, decorrenza, data decorrenza, "
    "data attivazione, data di attivazione, valido dal, attivo dal, dal, "
    "begindatum, ingangsdatum, begin contract, contract begindatum, startdatum contract, actief sinds, actief vanaf, "
    "geldig vanaf, vanaf, startdato, start dato, avtalsstart, aftalestart, gyldig fra, giltig fran, fra dato, "
    "data rozpoczecia, poczatek, data poczatkowa, data od, od, alkupaiva, aloituspaiva, 契約開始日, 開始日, "
    "利用開始日, "
    "サービス開始日, 契約日, 開始, 开始日期, 合同开始日期, 合同开始, 签约日期, 시작일, 계약 시작일, 계약시작일, "
    "계약일, 개시일",
    "became a customer date, became a customer, became customer, became customer on, became customer date, "
    "customer from, customer start, customer start date, original contract date, original start date, first contract "
    "date, contract signed date, first billed at, first billed, first billing date, first payment date, "
    "first paid at, "
    "first invoice date, conversion date, converted at, converted on, closed won date, kunde ab, erstvertrag, "
    "kundenbeginn, kunde von, erster vertrag, cliente da, premier contrat, primer contrato, primeiro contrato, "
    "customer since, client since, member since, since, signup date, sign up date, signup, signed up, signed up at, "
    "signed up on, signup at, subscribed, subscribed at, subscribed on, subscription date, joined, joined at, "
    "joined on, "
    "join date, joined date, date joined, onboarded, onboarded at, onboarded on, onboarding date, go live date, "
    "registration date, registered at, registered on, opened, opened at, opened on, open date, account opened, "
    "acquisition date, won on, won date, purchase date, sale date, first order date, first purchase date, "
    "kunde seit, kundin seit, mitglied seit, seit, client depuis, depuis, cliente desde, cliente dal, klant sinds, "
    "kund sedan, kunde siden, klient od",
    "created, created at, created on, created date, creation date, date created, create date, createdate, "
    "angelegt am, erstellt am, cree le, date de creation, fecha de creacion, fecha creacion, data de criacao, "
    "data creazione, data di creazione, aangemaakt op",
)
#: When a customer left.
LEAVING = (
    "churn date, churned at, churned on, churn at, churned date, date churned, cancelled at, cancelled on, "
    "cancelled date, canceled at, canceled on, canceled date, cancel date, cancel at, canceldate, cancellation date, "
    "cancellation effective date, cancellation effective, date cancelled, date canceled, termination date, "
    "terminated at, terminated on, terminate date, date terminated, lost on, lost at, lost date, date lost, left on, "
    "left at, left date, date left, leave date, exit date, exited at, exited on, closed at, closed on, closed date, "
    "close date, closure date, date closed, deactivated at, deactivated on, deactivation date, unsubscribed at, "
    "unsubscribed on, inactive since, attrition date, terminated date, deactivated date, exited date, ended date, "
    "kundigungsdatum, kuendigungsdatum, gekundigt am, gekundigt zum, kundigung zum, kundigung am, kundigung, "
    "gekuendigt am, gekuendigt zum, austrittsdatum, austritt, abgewandert am, verloren am, "
    "date resiliation, date de resiliation, resilie le, resiliation, date d annulation, date de depart, "
    "date de sortie, "
    "perdu le, "
    "baja, fecha baja, fecha de baja, fecha cancelacion, fecha de cancelacion, cancelado el, perdido el, "
    "data cancelamento, data de cancelamento, cancelado em, data de encerramento, data encerramento, data de saida, "
    "data disdetta, data di disdetta, disdetta, data cessazione, data di cessazione, cessato il, data recesso, "
    "opzegdatum, opgezegd op, opzegging, beeindigd op, uppsagd den, uppsagningsdatum, opsagt dato, oppsagt dato, "
    "data rezygnacji, data wypowiedzenia, data rozwiazania, 解約日, 退会日, 解約年月日, 解约日期, 流失日期, "
    "取消日期, 해지일, churn month, churned month, month of churn, cancellation month, cancelled month, lost month, "
    "exit month, leaving month, kundigungsmonat, mois de resiliation, mes de baja, mes de cancelamento, "
    "mese di disdetta, offboarded, offboarded at, offboarded on, offboarding date, opgezegd per, opzegging per, "
    "iptal tarihi, fesih tarihi, ayrılıs tarihi, "
    "해지 일자, 탈퇴일, 이탈일, 계약 해지일"
)
#: Until when: the end of a contract or when a customer left, then until when something is valid or paid.
END = (
    "ended, ended at, ended on, end at, finished at, finished on",
    "end, end date, enddate, ends, ends at, ends on, end on, end time, finish date, "
    "subscription end, subscription end date, subscription ended at, contract end, contract end date, "
    "contract ended at, "
    "contract ended on, contract until, contract to, service end, service end date, term end, term end date, "
    "period end, "
    "billing period end, billing end, billing end date, license end, license end date, licence end, licence end date, "
    "membership end, membership end date, policy end, policy end date, coverage end, coverage end date, lease end, "
    "lease end date, plan end, plan end date, active to, active until, active till, active thru, active through, "
    "effective to, effective end, effective end date, effective until, to date, date to, to, customer until, "
    "client until, member until, inactive from, "
    "versicherungsende, mietende, mandatsende, obowiazuje do, wazne do, usage end date, "
    "ende, enddatum, vertragsende, vertrag bis, aboende, abo ende, laufzeitende, laufzeit bis, leistungsende, "
    "aktiv bis, "
    "kunde bis, bis, "
    "fin, date fin, date de fin, fin contrat, fin de contrat, fin du contrat, date fin contrat, "
    "date de fin du contrat, "
    "fin abonnement, fin d abonnement, actif jusqu au, client jusqu au, au, a, "
    "fecha fin, fecha de fin, fin contrato, fin de contrato, fin del contrato, fecha fin contrato, "
    "fecha de fin del contrato, fecha termino, fecha de termino, vigente hasta, vigencia hasta, fin vigencia, "
    "activo hasta, hasta, fecha final, "
    "fim, data fim, data de fim, data final, fim do contrato, data fim contrato, data de fim do contrato, termino, "
    "data termino, data de termino, fim da assinatura, fim da vigencia, ativo ate, ate, "
    "fine, data fine, data di fine, fine contratto, data fine contratto, valido al, attivo al, attivo fino al, al, "
    "vertrag endet am, vertrag endet, endet am, endet, end month, koniec umowy, data konca umowy, "
    "data zakonczenia umowy, bitis tarihi, sozlesme bitis tarihi, bitis, "
    "einde, einddatum, einde contract, contract einddatum, einddatum contract, actief tot, tot, klant tot, "
    "slut, slutdatum, slutdato, sluttdato, avtalsslut, aftaleslut, gyldig til, giltig till, til dato, "
    "終了日, 契約終了日, 利用終了日, 終了, 结束日期, 合同结束日期, 终止日期, 종료일, 계약 종료일, 계약종료일, "
    f"data zakonczenia, koniec, data koncowa, data do, do, paattymispaiva, loppupaiva, {LEAVING}",
    "valid to, valid until, valid till, valid thru, valid through, expiry, expiry date, expires, expires at, "
    "expires on, "
    "expiration, expiration date, expired, expired at, expired on, expire date, expire at, paid until, paid through, "
    "paid thru, current period end, current term end, "
    "gultig bis, gueltig bis, ablaufdatum, ablauf, bezahlt bis, valable jusqu au, date d expiration, expiration le, "
    "echeance, date d echeance, date echeance, valido hasta, vencimiento, fecha vencimiento, fecha de vencimiento, "
    "fecha expiracion, fecha de expiracion, valido ate, vencimento, data vencimento, data de vencimento, "
    "data de expiracao, validade, valido fino al, scadenza, data scadenza, data di scadenza, geldig tot, vervaldatum, "
    "forfallsdato, utgangsdatum, utlopsdato, wazny do, data waznosci, termin waznosci, 満了日, 契約満了日, 有効期限, "
    "契約期限, "
    "到期日, 到期日期, 有效期至, 만료일, 만기일",
)

#: What a customer paid at the start of its period, and at the end: an amount and when, in either order.
_AMOUNT = (
    "(?:(?:total|annual|monthly|recurring|contracted|net|customer|account|subscription|contract|jahrlicher"
    "|monatlicher) )*"
    "(?:arr|mrr|acv|revenues?|turnover|sales|recurring revenue|contract value|amount|umsatz|jahresumsatz|monatsumsatz"
    "|erlose?|vertragswert|ca|chiffre d affaires|revenus?|ingresos|facturacion|ventas|receita|faturamento|ricavi"
    "|fatturato|omzet|intakter|omsattning|omsaetning|przychod|przychody)(?: recurring| recurrente?s?)?"
)
_OF = (
    "(?: (?:of|the|at|for|on|up|am|zu|zum|de|du|en|al|a|ad|do|da|van|het|period|month|quarter|year|periode?"
    "|zeitraums?|monats"
    "|quartals|jahres|contract|renewal))*"
)
_BEFORE = (
    "start|starting|opening|beginning|begin|bop|bom|boq|boy|before|before renewal|previous|prior|old|initial"
    "|up for renewal|due"
    "|renewable|expiring|anfang|anfangs|beginn|zu beginn|vorher|alt|alter|debut|initiale?|avant|ancien|precedent"
    "|inicio|inicial"
    "|antes|anterior|inizio|iniziale|prima|precedente|begin|aanvang|vorige|start av period|ib|poczatek|poczatkowy"
)
_AFTER = (
    "end|ending|closing|eop|eom|eoq|eoy|after|after renewal|renewed|current|final|ende|endes|nachher|neu|neuer"
    "|aktuell|aktueller"
    "|fin|finale?|apres|nouveau|actuel|fin de periode|final|despues|actual|fim|depois|atual|fine|dopo|attuale"
    "|einde|eind|huidige"
    "|nieuwe|slut|ub|koniec|koncowy|new"
)


def _when(words: str) -> str:
    return rf"^(?:(?:{words}){_OF} {_AMOUNT}|{_AMOUNT}{_OF} (?:{words}){_OF})$"


#: What a customer pays in a period.
PAID = _AMOUNT
REVENUE_START, REVENUE_END = _when(_BEFORE), _when(_AFTER)
#: What a partner is worth in a year.
ANNUAL_VALUE = "^(?:annual value|annual revenue|revenue|value|yearly value|arr)$"
#: Whose a customer is, in the words of CRM systems and contracts: besides the names of a partner in any table.
PARTNER = (
    "partner org, partner company name, partner lookup, partner account c, channel partner name, distributor name, "
    "agency name, partner of record, referral partner, referring partner, sourcing partner, influencing partner, "
    "implementation partner, solution partner, delivery partner, primary partner, vertriebspartner, "
    "handelspartner, makler, vermittler, betreuender partner, zustandiger partner, vermittelnder partner, "
    "partner metadata, metadata partner, cf partner, customers cf partner, subscriptions cf partner, "
    "customer cf partner, is ortagı, is ortagi, kumppani, партнер, συνεργατησ, partener, societe partenaire, "
    "entreprise partenaire, organisation partenaire, msp, managed service provider, value added reseller, "
    "systemhaus, partenaire apporteur, apporteur, apporteur d affaires, revendeur, integrateur, distributeur, agence, "
    "revendedor, distribuidor, rivenditore, socio comercial, integrator, system integrator, systems integrator, broker"
)


def asked(names: str) -> str:
    """Return the pattern of these names, also with the answers behind them: Renewed (Y/N)."""
    return f"^(?:{'|'.join(names.split(', '))})(?: (?:y n|yes no|j n|ja nein|o n|oui non|s n|si no|0 1|1 0|flag))?$"


def day_of(names: str) -> str:
    """Return the pattern of these names, also of a customer or its contract, and with its zone: Ended At (UTC)."""
    whose = "customer|client|account|contract|subscription|membership|mandate|plan|licen[cs]e|service|policy|agreement"
    return f"^(?:(?:{whose})s? )?(?:{'|'.join(names.split(', '))})(?: utc| gmt)?$"
