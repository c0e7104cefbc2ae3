using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Deskbridge.Sandbox.Carriers.Push;
using Xunit;

namespace Deskbridge.Sandbox.Tests.Carriers;

/// <summary>A web push service as RFC 8030 (delivery), RFC 8291 (encryption) and RFC 8292 (who sends) have it.</summary>
public sealed class PushServiceTests : CarriersTest
{
    // RFC 8291, 5: the example.
    private const string ExampleBody =
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";
    private const string ExamplePublic = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
    private const string ExamplePrivate = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94";

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    [Fact]
    public void Body_OfTheRfcsExample_IsRead()
    {
        var subscription = Example();

        Assert.Equal(("When I grow up, I want to be a watermelon", null), PushEncryption.Read(subscription, Base64Url.DecodeFromChars(ExampleBody)));
    }

    [Theory]
    [InlineData(5, 1, "decrypted")]     // the salt
    [InlineData(16, 0xff, null)]        // a record size that is larger changes nothing
    [InlineData(18, 0x10, "record")]    // and one that is smaller than the record
    [InlineData(20, 1, "key id")]
    [InlineData(30, 1, "decrypted")]    // the sender's key is no point of the curve
    [InlineData(143, 1, "decrypted")]   // the tag
    public void Body_WithOneByteChanged_IsNotTaken(int at, byte change, string? problem)
    {
        var body = Base64Url.DecodeFromChars(ExampleBody);
        body[at] ^= change;

        var (text, why) = PushEncryption.Read(Example(), body);

        if (problem is null) Assert.NotNull(text);
        else Assert.Contains(problem, why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Message_IsAccepted_AndReadAsTheBrowserWouldShowIt()
    {
        var made = await SubscribeAsync(new { phone = "+15555550123", applicationServerKey = PublicKey });

        using var answer = await PushAsync(made, Encrypt(made, """{"title":"Mail is down"}"""), ("Urgency", "high"), ("Topic", "alert-17"));

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.StartsWith($"{Origin}/push/messages/", answer.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Equal("60", answer.Headers.GetValues("TTL").Single());
        await RestartAsync();
        foreach (var list in new[] { "push", "phones/+15555550123/push" })
        {
            var shown = Assert.Single(await ArrivedAsync(list));
            Assert.Equal(
                ("""{"title":"Mail is down"}""", "high", "alert-17", 60, Id(made)),
                (shown.GetProperty("text").GetString(), shown.GetProperty("urgency").GetString(), shown.GetProperty("topic").GetString(), shown.GetProperty("ttl").GetInt32(), shown.GetProperty("subscription").GetString()));
        }

        Assert.Empty(await ArrivedAsync("phones/+15555550188/push"));
    }

    [Fact]
    public async Task Message_OfLongestLength_IsTaken_AndOneMoreByteIsNot()
    {
        var made = await SubscribeAsync(new { });
        var longest = Encrypt(made, new string('x', 3993));

        using var taken = await PushAsync(made, longest);
        using var refused = await PushAsync(made, [.. longest, 0]);

        Assert.Equal((4096, HttpStatusCode.Created, HttpStatusCode.RequestEntityTooLarge), (longest.Length, taken.StatusCode, refused.StatusCode));
    }

    [Theory]
    [InlineData("TTL", "", 400)]
    [InlineData("TTL", "soon", 400)]
    [InlineData("Urgency", "loud", 400)]
    [InlineData("Topic", "a topic", 400)]
    [InlineData("Topic", "abcdefghijklmnopqrstuvwxyz0123456", 400)]
    [InlineData("Content-Encoding", "aesgcm", 400)]
    [InlineData("Authorization", "", 401)]
    [InlineData("Authorization", "Bearer x", 403)]
    [InlineData("aud", "https://push.example.test", 403)]
    [InlineData("sub", "dana", 403)]
    [InlineData("exp", "0", 403)]
    [InlineData("exp", "86460", 403)]
    [InlineData("alg", "HS256", 403)]
    [InlineData("signature", "", 403)]
    public async Task Message_ThatAPushServiceRefuses_IsAnsweredSo(string what, string value, int status)
    {
        var made = await SubscribeAsync(new { });

        using var answer = await PushAsync(made, Encrypt(made, "x"), (what, value));

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Empty(await ArrivedAsync("push"));
    }

    [Fact]
    public async Task Key_ThatTheSubscriptionWasNotMadeFor_IsForbidden()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var made = await SubscribeAsync(new { applicationServerKey = Public(other.ExportParameters(false).Q) });

        using var answer = await PushAsync(made, Encrypt(made, "x"));

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task Subscription_ThatIsDead_AnswersSo_AndFaultsStrikeTheirSubscriptionOnly()
    {
        var (dead, other) = (await SubscribeAsync(new { }), await SubscribeAsync(new { }));
        async Task<int> StatusAsync(JsonElement subscription)
        {
            using var answer = await PushAsync(subscription, Encrypt(subscription, "x"));
            return (int)answer.StatusCode;
        }

        foreach (var (state, status) in new[] { ("gone", 410), ("unknown", 404), ("live", 201) })
        {
            using var set = await Control.PutAsJsonAsync($"/_control/push/subscriptions/{Id(dead)}", new { state });
            Assert.Equal(HttpStatusCode.OK, set.StatusCode);
            Assert.Equal((status, 201), (await StatusAsync(dead), await StatusAsync(other)));
        }

        await OrderAsync(new { carrier = "push", kind = "status", status = 429, retryAfterSeconds = 5, only = Id(dead) });
        Assert.Equal((429, 201), (await StatusAsync(dead), await StatusAsync(other)));
    }

    private string Origin => Server.NtfyUrl.GetLeftPart(UriPartial.Authority);

    private string PublicKey => Public(_key.ExportParameters(false).Q);

    private static string Public(ECPoint point) => Base64Url.EncodeToString([4, .. point.X!, .. point.Y!]);

    private static string Id(JsonElement made) => made.GetProperty("id").GetString()!;

    private static StoredSubscription Example()
    {
        var ua = Base64Url.DecodeFromChars(ExamplePublic);
        using var pair = ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = Base64Url.DecodeFromChars(ExamplePrivate), Q = new ECPoint { X = ua[1..33], Y = ua[33..] } });
        return new StoredSubscription("1", null, null, pair.ExportPkcs8PrivateKey(), ua, Base64Url.DecodeFromChars("BTBZMqHH6r4Tts7J_aSIgg"));
    }

    private async Task<JsonElement> SubscribeAsync(object wish)
    {
        using var answer = await Control.PostAsJsonAsync("/_control/push/subscriptions", wish);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>Sends as a good application server would, but for the changes: headers, claims, <c>alg</c> and <c>signature</c>.</summary>
    private async Task<HttpResponseMessage> PushAsync(JsonElement made, byte[] body, params (string Name, string Value)[] changes)
    {
        var wish = new Dictionary<string, string> { ["TTL"] = "60", ["Content-Encoding"] = "aes128gcm", ["aud"] = Origin, ["sub"] = "mailto:ops@example.test", ["exp"] = "3600", ["alg"] = "ES256", ["signature"] = "good" };
        foreach (var (name, value) in changes) wish[name] = value;
        using var request = new HttpRequestMessage(HttpMethod.Post, made.GetProperty("subscription").GetProperty("endpoint").GetString()) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        if (wish["Content-Encoding"].Length > 0) request.Content.Headers.ContentEncoding.Add(wish["Content-Encoding"]);
        foreach (var name in new[] { "TTL", "Urgency", "Topic" }) if (wish.GetValueOrDefault(name) is { Length: > 0 } value) request.Headers.TryAddWithoutValidation(name, value);
        var authorization = wish.GetValueOrDefault("Authorization", $"vapid t={Token(wish)}, k={PublicKey}");
        if (authorization.Length > 0) request.Headers.TryAddWithoutValidation("Authorization", authorization);
        return await Http.SendAsync(request);
    }

    private string Token(Dictionary<string, string> wish)
    {
        static string Part<T>(T of) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(of));
        var exp = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + long.Parse(wish["exp"], System.Globalization.CultureInfo.InvariantCulture);
        var signed = Part(new { typ = "JWT", alg = wish["alg"] }) + "." + Part(new { aud = wish["aud"], exp, sub = wish["sub"] });
        var signature = _key.SignData(Encoding.ASCII.GetBytes(wish["signature"] == "good" ? signed : "another"), HashAlgorithmName.SHA256);
        return signed + "." + Base64Url.EncodeToString(signature);
    }

    /// <summary>RFC 8291 from the sender's side, written apart from the sandbox's own code.</summary>
    private static byte[] Encrypt(JsonElement made, string text)
    {
        var keys = made.GetProperty("subscription").GetProperty("keys");
        var (ua, auth) = (Base64Url.DecodeFromChars(keys.GetProperty("p256dh").GetString()), Base64Url.DecodeFromChars(keys.GetProperty("auth").GetString()));
        using var sender = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        using var browser = ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = ua[1..33], Y = ua[33..] } });
        var point = sender.ExportParameters(false).Q;
        byte[] own = [4, .. point.X!, .. point.Y!];
        var salt = RandomNumberGenerator.GetBytes(16);
        var ikm = HKDF.DeriveKey(HashAlgorithmName.SHA256, sender.DeriveRawSecretAgreement(browser.PublicKey), 32, auth, [.. "WebPush: info\0"u8, .. ua, .. own]);
        var cek = HKDF.DeriveKey(HashAlgorithmName.SHA256, ikm, 16, salt, "Content-Encoding: aes128gcm\0"u8.ToArray());
        var nonce = HKDF.DeriveKey(HashAlgorithmName.SHA256, ikm, 12, salt, "Content-Encoding: nonce\0"u8.ToArray());
        byte[] plain = [.. Encoding.UTF8.GetBytes(text), 2];
        var (cipher, tag) = (new byte[plain.Length], new byte[16]);
        using var gcm = new AesGcm(cek, 16);
        gcm.Encrypt(nonce, plain, cipher, tag);
        return [.. salt, 0, 0, 16, 0, 65, .. own, .. cipher, .. tag];
    }
}
