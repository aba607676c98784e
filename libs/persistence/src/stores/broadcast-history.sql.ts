import { sqlLedgerId } from './broadcast-ids';

/** As the notification would be called that tells one customer of one service alert. */
const NOTIFICATION_ID = `md5(s.id || ':' || r.customer_id)::uuid`;

/** What was told together with others, as deliveries are listed. A batch has each customer once, so `seq` places it. */
export const TOLD = `select b.seq, ${sqlLedgerId('r.alert_seq', '0', 'r.seq')} as "deliveryId",
    ${NOTIFICATION_ID} as "notificationId", r.customer_id as "customerId", r.contact_point_id as "contactPointId",
    'serviceAlert' as kind, s.topic, null::uuid as "alertId", s.id as "serviceAlertId", r.channel, 'bulk' as lane,
    coalesce(r.state, b.state) as state, b.attempt_no as "attemptNo",
    case when r.state is null then b.reason else r.reason end as reason, b.duplicate_possible as "duplicatePossible",
    b.provider, b.not_before as "notBefore", b.expires_at as "expiresAt", b.created_at as "createdAt",
    b.finished_at as "finishedAt"
  from broadcast_recipients r join broadcast_batches b using (alert_seq, batch) join service_alerts s on s.seq = r.alert_seq`;

/** The last call of its batch: earlier ones are not kept one by one. */
export const LAST_CALL = `select b.attempt_no as "attemptNo", b.provider, b.created_at as "startedAt", b.finished_at as "endedAt",
    case b.state when 'accepted' then 'accepted' when 'ambiguous' then 'ambiguous' when 'failed' then 'rejected'
      when 'pending' then 'retryable' end as outcome, b.reason, b.provider_message_id as "providerMessageId"
  from broadcast_recipients r join broadcast_batches b using (alert_seq, batch)
  where r.alert_seq = $1 and r.seq = $2 and b.provider is not null and b.lease_epoch > 0`;

/** Service alerts that a customer has no notification of in the table of notifications. */
export const TOGETHER = `select s.seq as "alertSeq", ${NOTIFICATION_ID} as "notificationId", 'serviceAlert' as kind, s.topic,
    null::uuid as "alertId", s.id as "serviceAlertId", s.confirmed_at as "causedAt"
  from (select distinct alert_seq, customer_id from broadcast_recipients where customer_id = $1 and alert_seq < $2) r
  join service_alerts s on s.seq = r.alert_seq
  where not exists (select 1 from notifications n where n.id = ${NOTIFICATION_ID})
  order by s.seq desc limit $3`;

/** A customer has few rows of service alerts, and all of them are looked at. */
export const NOTIFICATION = `select ${NOTIFICATION_ID} as "notificationId", 'serviceAlert' as kind, s.topic,
    s.confirmed_at as "causedAt", s.confirmed_at as "plannedAt", null::uuid as "alertId"
  from broadcast_recipients r join service_alerts s on s.seq = r.alert_seq
  where r.customer_id = $1 and ${NOTIFICATION_ID} = $2 limit 1`;

export const LEDGER_OF = `select r.channel, r.contact_point_id as "contactPointId", p.address, r.reason, r.state as "ownState",
    r.passed_over as "passedOver", coalesce(b.created_at, s.confirmed_at) as "decidedAt",
    case when b.batch is not null then json_build_object('deliveryId', ${sqlLedgerId('r.alert_seq', '0', 'r.seq')},
      'state', coalesce(r.state, b.state), 'reason', case when r.state is null then b.reason else r.reason end,
      'finishedAt', b.finished_at, 'receipt', (
        select x.state from receipts x join generate_series(1, b.lease_epoch) e (epoch)
          on x.attempt_id = ${sqlLedgerId('r.alert_seq', 'e.epoch', 'r.seq')}
        order by array_position(array['sent', 'delivered', 'seen', 'undelivered', 'bounced', 'complained'], x.state) desc
        limit 1)) end as delivery
  from broadcast_recipients r join service_alerts s on s.seq = r.alert_seq
  left join broadcast_batches b on b.alert_seq = r.alert_seq and b.batch = r.batch
  left join contact_points p on p.id = r.contact_point_id
  where r.customer_id = $1 and ${NOTIFICATION_ID} = $2 order by r.seq`;
