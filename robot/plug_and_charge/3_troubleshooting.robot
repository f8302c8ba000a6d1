*** Settings ***
Documentation       Plug & Charge does not work: what the manual has its reader try, one thing after the other.
...                 Polestar 2, Charging, Plug & Charge, the note on problems.
...                 Plug & Charge ne marche pas : ce que le manuel fait essayer, dans l'ordre.
Library             ConnectHil


*** Test Cases ***
The Cable Is Plugged In Again
    [Documentation]    After a fault the cable is taken out and put back: a new attempt, and it charges.
    ...    Le câble est rebranché : un nouvel essai.
    [Tags]    C-09    procedure:pnc-plug-in-again
    Given A Contract Waits To Be Installed
    And The Provider Answers With A Wrong Signature
    When The Driver Plugs In And Plug & Charge Fails For "SIGNATURE_WRONG"
    And The Provider Answers Rightly Again
    And The Driver Takes The Cable Out
    Then Plugged In, The Car Charges By The New Contract

The Contract Is Checked
    [Documentation]    The charging settings tell whether there is one; its provider, whether it is in order.
    ...    Le contrat est vérifié, dans les réglages, puis auprès du prestataire.
    [Tags]    C-10    procedure:pnc-contract-state
    Given A Contract Was Installed At A Station
    Then The Charging Settings Say That A Contract Is Installed
    And The Provider Says That The Contract Is In Order
    When The Provider Blocks The Contract
    Then The Provider Says That The Contract Is Blocked
    When The Driver Touches The Bin
    Then No Contract Is Installed

The Activation Is Repeated
    [Documentation]    Without a contract the activation is gone through again.
    ...    L'activation est refaite, là où il n'y a pas de contrat.
    [Tags]    C-11    procedure:pnc-activate-again
    Given The Driver Switches Plug & Charge On
    And The Driver Plugs In And Plug & Charge Fails For "INSTALLATION_REFUSED"
    And The Driver Takes The Cable Out
    Then No Contract Is Installed
    When The Driver Goes To Settings, Charging, Advanced, Plug & Charge
    And The Owner Follows The App To The End
    Then Plugged In, The Car Charges By The New Contract
    And The Charging Settings Say That A Contract Is Installed

The Car Charges The Normal Way
    [Documentation]    Where it still fails, the driver identifies himself at the station.
    ...    La voiture se recharge normalement, après identification à la station.
    [Tags]    C-12    procedure:pnc-normal-charging
    Given The Driver Switches Plug & Charge On
    When The Driver Plugs In And Plug & Charge Fails For "INSTALLATION_REFUSED"
    And The Driver Identifies At The Station
    Then The Car Charges For Whoever Identified

A Workshop Has Erased The Contract
    [Documentation]    The state says that none is there; a new activation mends it.
    ...    Un atelier a effacé le contrat : l'état le dit, et refaire l'activation y remédie.
    [Tags]    C-13    procedure:pnc-after-workshop
    Given A Contract Was Installed At A Station
    When A Workshop Erases The Contract
    Then No Contract Is Installed
    When The Driver Goes To Settings, Charging, Advanced, Plug & Charge
    And The Owner Follows The App To The End
    Then Plugged In, The Car Charges By The New Contract
    And The Charging Settings Say That A Contract Is Installed
