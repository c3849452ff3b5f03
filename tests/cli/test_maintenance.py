from tests.command_line import CommandLine


def test_the_switch_stays_until_it_is_turned(cli: CommandLine) -> None:
    assert "off" in cli.run("maintenance").stdout
    cli.run("maintenance", "on")
    assert "Maintenance is on" in cli.run("maintenance").stdout
    cli.run("maintenance", "off")
    assert "Maintenance is off" in cli.run("maintenance").stdout


def test_it_takes_on_and_off_only(cli: CommandLine) -> None:
    cli.run("maintenance", "perhaps", code=2)
