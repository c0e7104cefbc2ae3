using Deskbridge.Core.Data;
using Npgsql;
using Xunit;

namespace Deskbridge.Core.Tests.Data;

public sealed class DatabaseAddressTests
{
    [Fact]
    public void Url_IsReadWhole()
    {
        var database = DatabaseAddress.Parse("postgres://hub:p%40ss%3Aw%2Ford%23@db.example.test:6432/desk%20bridge?sslmode=verify-full&connect_timeout=7");

        var settings = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        Assert.True(database.IsPostgres);
        Assert.Equal(("hub", "p@ss:w/ord#", "db.example.test", 6432, "desk bridge"), (settings.Username, settings.Password, settings.Host, settings.Port, settings.Database));
        Assert.Equal((SslMode.VerifyFull, 7), (settings.SslMode, settings.Timeout));
        Assert.DoesNotContain("ss:w", database.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("postgresql://hub@localhost/deskbridge")]
    [InlineData("Host=localhost;Database=deskbridge;Username=hub")]
    [InlineData(" host = localhost ; DATABASE = deskbridge")]
    [InlineData("Server=localhost;Database=deskbridge;User Id=hub;Password=\"a;b=c\"")]
    public void OtherForms_AreRead(string text)
    {
        var settings = new NpgsqlConnectionStringBuilder(DatabaseAddress.Parse(text).ConnectionString);

        Assert.Equal(("localhost", "deskbridge", 5432), (settings.Host, settings.Database, settings.Port));
    }

    [Fact]
    public void Sessions_AreAskedForWhatTheHubNeeds_UnlessTheAddressAsksForSomethingElse()
    {
        var usual = new NpgsqlConnectionStringBuilder(DatabaseAddress.Parse("Host=localhost;Database=deskbridge").ConnectionString);
        var asked = new NpgsqlConnectionStringBuilder(DatabaseAddress.Parse("Host=localhost;Database=deskbridge;Max Auto Prepare=0;Options=-c enable_seqscan=on").ConnectionString);

        Assert.Equal(("-c idle_in_transaction_session_timeout=8000 -c enable_seqscan=off -c jit=off", 250, true), (usual.Options, usual.MaxAutoPrepare, usual.NoResetOnClose));
        Assert.Equal(("-c enable_seqscan=on -c idle_in_transaction_session_timeout=8000 -c jit=off", 0), (asked.Options, asked.MaxAutoPrepare));
    }

    [Fact]
    public void Path_IsASqliteFile()
    {
        var file = Path.Combine(Path.GetTempPath(), "a=b.db");

        Assert.Equal(file, DatabaseAddress.Parse(file).File);
        Assert.Equal(Path.GetFullPath("./x=1.db"), DatabaseAddress.Parse("./x=1.db").File);
        Assert.Equal(Path.GetFullPath("hub.db"), DatabaseAddress.Parse("hub.db").File);
    }

    [Theory]
    [InlineData("postgress://hub:secret@db/deskbridge", "postgress://")]
    [InlineData("mysql://hub:secret@db/deskbridge", "mysql://")]
    [InlineData("postgres://hub:secret@/deskbridge", "host")]
    [InlineData("postgres://hub:secret@db", "names no database")]
    [InlineData("postgres://hub:sec#ret@db/deskbridge", "%23")]
    [InlineData("postgres://hub:secret@db:54320000/deskbridge", "%23")]
    [InlineData("postgres://hub:secret@db/deskbridge?sslmodus=require", "sslmodus")]
    [InlineData("postgres://hub:secret@db/deskbridge?sslmode=allways", "SSL Mode")]
    [InlineData("Hots=db;Database=deskbridge;Password=secret", "Hots")]
    [InlineData("Host=db;Database=deskbridge;Port=five;Password=secret", "Port")]
    [InlineData("Host=db;Password=secret", "names no database")]
    [InlineData("Host=db;Database=deskbridge;Password=\"secret", "Key=value")]
    [InlineData("/no/such/folder/hub.db", "does not exist")]
    [InlineData("/", "is a folder")]
    [InlineData("  ", "empty")]
    public void Typo_IsNamed_WithTheFix_AndWithoutThePassword(string text, string named)
    {
        var wrong = Assert.Throws<FormatException>(() => DatabaseAddress.Parse(text));

        Assert.Contains(named, wrong.Message, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("secret", wrong.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("sec#ret", wrong.ToString(), StringComparison.Ordinal);
    }
}
