namespace Deskbridge.Sandbox.Carriers.Push;

/// <summary>A line of the log: the new state of a subscription, or a message that was accepted.</summary>
internal sealed record PushLine(DateTimeOffset At, StoredSubscription? Subscription = null, StoredPush? Push = null);

/// <summary>What the push service answers for a subscription: it takes messages, is gone (410), or was never known (404).</summary>
internal enum SubscriptionState { Live, Gone, Unknown }

/// <summary>A browser's subscription with the secrets that a browser keeps. <paramref name="ServerKey"/>: the only VAPID key it takes, null for any.</summary>
internal sealed record StoredSubscription(string Id, string? Phone, string? ServerKey, byte[] PrivateKey, byte[] P256dh, byte[] Auth, SubscriptionState State = SubscriptionState.Live);

/// <summary>An accepted message: what its headers said, and its body as it came.</summary>
internal sealed record StoredPush(string Id, string Subscription, int Ttl, string Urgency, string? Topic, string ServerKey, byte[] Body);
