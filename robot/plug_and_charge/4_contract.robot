*** Settings ***
Documentation       The contract in the charging account: switched off, removed, changed, ended.
...                 Polestar 2, Charging, Plug & Charge, last part.
...                 Le contrat dans le compte de recharge : arrêté, retiré, changé, résilié.
Library             ConnectHil


*** Test Cases ***
Plug & Charge Is Switched Off
    [Documentation]    The contract is listed with the charging account; with the function off it is not used.
    ...    Plug & Charge est arrêté : le contrat figure dans le compte, et ne sert pas.
    [Tags]    C-14    procedure:pnc-switch-off
    Given A Contract Was Installed At A Station
    And The Charging Account Lists The Contract
    When The Driver Switches Plug & Charge Off
    Then The Contract Is Not In Use
    And Plugged In, The Car Does Not Charge By Contract

The Contract Is Removed
    [Documentation]    The bin removes it. A new one needs Plug & Charge on and the activation again.
    ...    Le contrat est retiré par la corbeille ; un nouveau demande d'activer de nouveau.
    [Tags]    C-15    procedure:pnc-remove
    Given A Contract Was Installed At A Station
    When The Driver Touches The Bin
    Then No Contract Is Installed
    When The Driver Switches Plug & Charge Off
    Then No Contract Can Be Added
    When The Driver Switches Plug & Charge On
    And The Owner Follows The App To The End
    Then Plugged In, The Car Charges By The New Contract

The Contract Is Changed
    [Documentation]    Another contract is set up, and the newest is installed.
    ...    Le contrat est changé : c'est le dernier qui s'installe.
    [Tags]    C-16    procedure:pnc-newest
    Given A Contract Was Installed At A Station
    When The Owner Gives The PCID Of The Display To Another Provider
    And The Driver Adds A Contract
    Then Plugged In, The Car Charges By The New Contract
    And The Charging Account Lists The Contract

The Contract Is Ended
    [Documentation]    Removed in the car it lives on, until the provider is told to end it.
    ...    Le contrat est résilié auprès du prestataire, où il vit jusque-là.
    [Tags]    C-17    procedure:pnc-end
    Given A Contract Was Installed At A Station
    When The Driver Touches The Bin
    Then No Contract Is Installed
    And The Provider Says That The Contract Is In Order
    When The Owner Ends The Contract With The Provider
    Then The Provider Says That The Contract Is Ended
    And Plugged In, The Car Does Not Charge By Contract
