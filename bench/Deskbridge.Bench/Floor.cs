using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Deskbridge.Bench;

/// <summary>
/// What nobody can do without: fetch the same pages, keep one row per ticket in a transaction of its own with the same durability, send the
/// same notification with the same concurrency and HTTP settings. No rules, no merge, no ledger, no repeats, no markers. A program of its own, like the hub.
/// </summary>
internal static class Floor
{
    private const int PageSize = 500;

    /// <summary>As many notifications at a time as the hub sends.</summary>
    private const int AtOnce = 16;

    public static async Task RunAsync(Uri psa, string authorization, string clientId, Uri webhook, string file, CancellationToken cancel)
    {
        using var pages = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = psa };
        pages.DefaultRequestHeaders.Authorization = AuthenticationHeaderValue.Parse(authorization);
        pages.DefaultRequestHeaders.Add("clientId", clientId);
        using var send = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });
        await using var rows = new Rows(file);
        var key = RandomNumberGenerator.GetBytes(32);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var since = TimeProvider.System.GetUtcNow();
        Console.WriteLine("polling");
        while (!cancel.IsCancellationRequested)
        {
            var next = TimeProvider.System.GetTimestamp();
            var (start, number) = (since.AddMinutes(-5), 1);
            while (true)
            {
                var page = await PageAsync(pages, start, number, cancel);
                var fresh = page.Where(ticket => seen.Add(ticket.Id)).ToList();
                await Parallel.ForEachAsync(
                    fresh,
                    new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel },
                    async (ticket, token) =>
                    {
                        await rows.InsertAsync(ticket, token);
                        await NotifyAsync(send, webhook, key, ticket, token);
                    });
                if (page.Count < PageSize) break;
                (start, number) = page[^1].UpdatedAt > start ? (page[^1].UpdatedAt, 1) : (start, number + 1);
                since = start;
            }

            var rest = TimeSpan.FromSeconds(1) - TimeProvider.System.GetElapsedTime(next);
            if (rest > TimeSpan.Zero) await Task.Delay(rest, cancel);
        }
    }

    private static async Task<List<Ticket>> PageAsync(HttpClient http, DateTimeOffset since, int number, CancellationToken cancel)
    {
        var conditions = Uri.EscapeDataString(string.Create(CultureInfo.InvariantCulture, $"recordType=\"ServiceTicket\" and lastUpdated>=[{since:yyyy-MM-ddTHH:mm:ssZ}]"));
        var path = $"v4_6_release/apis/3.0/service/tickets?conditions={conditions}&orderBy={Uri.EscapeDataString("lastUpdated asc,id asc")}&page={number}&pageSize={PageSize}";
        using var answer = await http.GetAsync(path, cancel);
        answer.EnsureSuccessStatusCode();
        using var document = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancel));
        return [.. document.RootElement.EnumerateArray().Select(row => new Ticket(
            row.GetProperty("id").GetRawText(),
            row.GetProperty("summary").GetString()!,
            row.GetProperty("_info").GetProperty("lastUpdated").GetDateTimeOffset(),
            row.GetRawText()))];
    }

    private static async Task NotifyAsync(HttpClient http, Uri webhook, byte[] key, Ticket ticket, CancellationToken cancel)
    {
        var now = TimeProvider.System.GetUtcNow();
        var id = Guid.CreateVersion7(now).ToString();
        var body = JsonSerializer.Serialize(new
        {
            type = "alert.page",
            timestamp = now,
            data = new
            {
                deliveryId = id,
                alertId = id,
                episode = 1,
                repeat = 1,
                title = ticket.Title,
                text = "Priority: Priority 2 - Quick Response\nStatus: New\nBoard: Service Desk\nCompany: Harborview Medical",
                status = "open",
                person = new { id, name = "Dana Reyes", email = "dana.reyes@northbridge-msp.test" },
            },
        });
        var at = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var request = new HttpRequestMessage(HttpMethod.Post, webhook) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", at);
        request.Headers.Add("webhook-signature", "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{id}.{at}.{body}"))));
        using var answer = await http.SendAsync(request, cancel);
        answer.EnsureSuccessStatusCode();
    }

    private sealed record Ticket(string Id, string Title, DateTimeOffset UpdatedAt, string Body);

    /// <summary>One file, WAL, synchronous = FULL; one writer at a time, as SQLite has it.</summary>
    private sealed class Rows : IAsyncDisposable
    {
        private readonly SqliteConnection _connection;
        private readonly SqliteCommand _insert;
        private readonly SemaphoreSlim _writer = new(1, 1);

        public Rows(string file)
        {
            _connection = new SqliteConnection($"Data Source={file}");
            _connection.Open();
            Execute("PRAGMA journal_mode = WAL");
            Execute("PRAGMA synchronous = FULL");
            Execute("CREATE TABLE tickets (id TEXT PRIMARY KEY, title TEXT NOT NULL, body TEXT NOT NULL)");
            _insert = _connection.CreateCommand();
            _insert.CommandText = "INSERT INTO tickets VALUES ($id, $title, $body)";
            foreach (var name in (string[])["$id", "$title", "$body"]) _insert.Parameters.Add(name, SqliteType.Text);
        }

        public async Task InsertAsync(Ticket ticket, CancellationToken cancel)
        {
            await _writer.WaitAsync(cancel);
            try
            {
                _insert.Parameters[0].Value = ticket.Id;
                _insert.Parameters[1].Value = ticket.Title;
                _insert.Parameters[2].Value = ticket.Body;
                _insert.ExecuteNonQuery();
            }
            finally
            {
                _writer.Release();
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _insert.DisposeAsync();
            await _connection.DisposeAsync();
            _writer.Dispose();
        }

        private void Execute(string sql)
        {
            using var command = _connection.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }
    }
}
