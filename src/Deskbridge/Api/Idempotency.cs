using System.Security.Cryptography;
using System.Text;
using Deskbridge.Access;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Api;

/// <summary>Marks an endpoint that honours <c>Idempotency-Key</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class IdempotentAttribute : Attribute;

/// <summary>
/// A repeated request with the same <c>Idempotency-Key</c> gets the stored answer of the first instead of running again; the same key
/// with another request is refused with 422. Answers are kept for a day.
/// </summary>
internal sealed class Idempotency(IDbContextFactory<AccessDb> contexts, ISecretProtector protector, ThisNode node, TimeProvider clock) : IMiddleware
{
    private const string Header = "Idempotency-Key";
    private const int MaxKey = 200;
    private static readonly TimeSpan Keep = TimeSpan.FromDays(1);

    /// <summary>A first request that has not answered by then was cut off by a crash; its repetition runs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var key = context.Request.Headers[Header].ToString();
        if (key.Length == 0 || context.GetEndpoint()?.Metadata.GetMetadata<IdempotentAttribute>() is null)
        {
            await next(context);
            return;
        }

        if (key.Length > MaxKey)
        {
            Refusals.Explain(context, 400, $"The {Header} header is longer than {MaxKey} characters. A UUID is enough.");
            return;
        }

        var hash = await HashAsync(context.Request);
        var stored = await ClaimAsync(context.User.PersonId, key, hash, context.RequestAborted);
        if (stored is null) await RunAsync(context, next, key);
        else if (stored.RequestHash != hash) Refusals.Explain(context, 422, $"The {Header} '{key}' was used for a different request before. Send a new key for a new request.");
        else if (stored.Status is null) Refusals.Explain(context, 409, $"The first request with {Header} '{key}' is still at work. Repeat this one in a few seconds to get its answer.");
        else await ReplayAsync(context.Response, stored);
    }

    /// <summary>Claims the key for this request; answers the earlier row when there is one.</summary>
    private async Task<Reply?> ClaimAsync(Guid person, string key, string hash, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var forgotten = now - Keep;
        var cutOff = now - Patience;
        await db.Replies.Where(r => r.At < forgotten || (r.Status == null && r.At < cutOff)).ExecuteDeleteAsync(cancel);
        if (await db.Replies.AsNoTracking().SingleOrDefaultAsync(r => r.PersonId == person && r.Key == key, cancel) is { } earlier) return earlier;
        db.Replies.Add(new Reply { PersonId = person, Key = key, RequestHash = hash, At = now, NodeId = node.Id });
        try
        {
            await db.SaveChangesAsync(cancel);
            return null;
        }
        catch (DbUpdateException failure)
        {
            // The repetition that came at the same time was faster.
            db.ChangeTracker.Clear();
            return await db.Replies.AsNoTracking().SingleOrDefaultAsync(r => r.PersonId == person && r.Key == key, cancel)
                ?? throw new InvalidOperationException($"The {Header} row could not be written.", failure);
        }
    }

    private async Task RunAsync(HttpContext context, RequestDelegate next, string key)
    {
        var person = context.User.PersonId;
        var outside = context.Response.Body;
        using var inside = new MemoryStream();
        context.Response.Body = inside;
        var answered = false;
        try
        {
            await next(context);
            answered = context.Response.StatusCode < 500;
        }
        finally
        {
            context.Response.Body = outside;

            // Not the caller's token: that it hung up must not lose the answer it will ask for again.
            await SettleAsync(person, key, answered ? context.Response : null, inside, CancellationToken.None);
        }

        inside.Position = 0;
        await inside.CopyToAsync(outside, context.RequestAborted);
    }

    private async Task SettleAsync(Guid person, string key, HttpResponse? response, MemoryStream body, CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var row = await db.Replies.SingleAsync(r => r.PersonId == person && r.Key == key, cancel);
        if (response is null)
        {
            db.Replies.Remove(row);
        }
        else
        {
            row.Status = response.StatusCode;
            row.ContentType = response.ContentType ?? "";
            row.Location = response.Headers.Location.ToString();
            row.Body = protector.Protect(Encoding.UTF8.GetString(body.ToArray()));
        }

        await db.SaveChangesAsync(cancel);
    }

    private async Task ReplayAsync(HttpResponse response, Reply stored)
    {
        response.StatusCode = stored.Status!.Value;
        if (stored.ContentType.Length > 0) response.ContentType = stored.ContentType;
        if (stored.Location.Length > 0) response.Headers.Location = stored.Location;
        response.Headers["Idempotency-Replayed"] = "true";
        await response.WriteAsync(protector.Unprotect(stored.Body));
    }

    private static async Task<string> HashAsync(HttpRequest request)
    {
        request.EnableBuffering();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString}\n"));
        var buffer = new byte[16 * 1024];
        for (int read; (read = await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted)) > 0;) hash.AppendData(buffer, 0, read);
        request.Body.Position = 0;
        return Convert.ToHexString(hash.GetCurrentHash());
    }
}
